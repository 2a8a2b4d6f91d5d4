import type { CameraProbe, ProbeResult } from '@argus/contracts';
import { PlugZap } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { decimal } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { ToneIcon } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';

interface StreamProbeProps {
  readonly url: string;
  readonly cameraId: string | null;
  /** Whose stored secrets `***` stands for. */
  readonly stream: CameraProbe['stream'];
  readonly label: string;
  /** The page's next step, until it was taken. */
  readonly inviting?: boolean;
  /** A picture of the tested stream, as data URL. */
  readonly onPicture?: (picture: string) => void;
}

/** Opens a stream once: a picture, or the precise reason, before anything is saved. */
export function StreamProbe({ url, cameraId, stream, label, inviting = false, onPicture }: StreamProbeProps) {
  const { t } = useI18n();
  const [result, setResult] = useState<ProbeResult | null>(null);
  const probe = useAction(() => client.call('probeCamera', { body: { url: url.trim(), stream, ...(cameraId ? { cameraId } : {}) } }), {
    refresh: [],
    onDone: (answer) => {
      setResult(answer);
      if (answer.ok) onPicture?.(`data:image/jpeg;base64,${answer.jpegBase64}`);
    },
  });
  return (
    <>
      <div>
        <Button icon={PlugZap} tone={inviting && !result?.ok ? 'primary' : 'plain'} busy={probe.isPending} disabled={!url.trim()} onClick={() => probe.mutate()}>
          {probe.isPending ? t('cameras.testing') : label}
        </Button>
      </div>
      {result && !probe.isPending && <ProbeAnswer result={result} />}
    </>
  );
}

function ProbeAnswer({ result }: { result: ProbeResult }) {
  const { t, locale } = useI18n();
  const seconds = decimal(result.elapsedMs / 1000, locale);
  if (result.ok) {
    const { codec, width, height, fps } = result.stream;
    return (
      <div role="status" className="flex flex-col gap-2 rounded-m bg-good-soft p-3">
        <p className="m-0 flex items-center gap-2 font-medium text-good">
          <ToneIcon tone="good" /> {t('cameras.connected', { seconds })}
        </p>
        <p className="figures m-0 text-s text-ink-2">
          {codec.toUpperCase()} · {width}×{height}
          {fps !== null && ` · ${t('ui.fps', { value: decimal(fps, locale) })}`}
        </p>
        <img src={`data:image/jpeg;base64,${result.jpegBase64}`} alt={t('cameras.testPicture')} className="max-h-60 w-full rounded-s bg-video object-contain" />
      </div>
    );
  }
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-m bg-alarm-soft p-3">
      <p className="m-0 flex items-center gap-2 font-medium text-alarm">
        <ToneIcon tone="alarm" /> {t(`reason.${result.reason}`)}
      </p>
      <p className="m-0 text-ink">
        {t(`remedy.${result.reason}`)} · {t('cameras.after', { seconds })}
      </p>
      <p lang="en" className="m-0 text-s wrap-anywhere text-ink-2">
        {result.message}
      </p>
    </div>
  );
}
