import type { ProbeResult } from '@argus/contracts';
import { PlugZap } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { decimal } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { ToneIcon } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { SwitchField, TextField } from '../../ui/field.js';
import type { CameraDraft } from './camera-draft.js';

interface ConnectionFormProps {
  readonly draft: CameraDraft;
  readonly cameraId: string | null;
  readonly problems: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: CameraDraft) => void;
  /** A picture of the tested stream, as data URL. */
  readonly onPicture: (picture: string) => void;
}

/** Name, address, and a test that shows a picture or the precise reason before anything is saved. */
export function ConnectionForm({ draft, cameraId, problems, readOnly, onDraft, onPicture }: ConnectionFormProps) {
  const { t } = useI18n();
  const [result, setResult] = useState<ProbeResult | null>(null);
  const probe = useAction(() => client.call('probeCamera', { body: { url: draft.url.trim(), ...(cameraId ? { cameraId } : {}) } }), {
    refresh: [],
    onDone: (answer) => {
      setResult(answer);
      if (answer.ok) onPicture(`data:image/jpeg;base64,${answer.jpegBase64}`);
    },
  });
  return (
    <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
      <TextField
        label={t('cameras.url')}
        value={draft.url}
        onValue={(url) => onDraft({ ...draft, url })}
        placeholder="rtsp://user:password@192.168.1.20:554/stream1"
        hint={t(cameraId ? 'cameras.urlKept' : 'cameras.urlHint')}
        error={problems['url'] && t('cameras.urlWanted')}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoFocus={cameraId === null}
      />
      <div>
        <Button icon={PlugZap} tone={cameraId === null && !result?.ok ? 'primary' : 'plain'} busy={probe.isPending} disabled={!draft.url.trim()} onClick={() => probe.mutate()}>
          {t(probe.isPending ? 'cameras.testing' : 'cameras.test')}
        </Button>
      </div>
      {result && !probe.isPending && <ProbeAnswer result={result} />}
      <TextField label={t('cameras.name')} value={draft.name} onValue={(name) => onDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} />
      <SwitchField label={t('cameras.enabled')} hint={t('cameras.enabledHint')} checked={draft.enabled} onChecked={(enabled) => onDraft({ ...draft, enabled })} disabled={readOnly} />
    </fieldset>
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
      <p className="m-0 text-ink">{result.message}</p>
      <p className="m-0 text-s text-ink-2">
        {t(`remedy.${result.reason}`)} · {t('cameras.after', { seconds })}
      </p>
    </div>
  );
}
