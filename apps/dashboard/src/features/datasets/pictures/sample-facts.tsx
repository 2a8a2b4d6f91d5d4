import type { Sample, SampleWorth, Split } from '@argus/contracts';
import { useCamerasById } from '../../../app/cameras.js';
import { decimal, formatBytes, formatSpan, percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { Facts } from '../../../ui/facts.js';
import { When } from '../../../ui/when.js';
import { labelColor } from '../../live/label-colors.js';
import { SplitButtons } from './selection-bar.js';

/** What is known of a picture: where, when, how good, and what is labelled in it. */
export function SampleFacts({ sample, worth, split, onSplit }: { sample: Sample; worth: SampleWorth | null; split: Split | null; onSplit: ((split: Split | null) => void) | null }) {
  const { t, locale } = useI18n();
  const cameras = useCamerasById();
  const { origin, quality } = sample;
  const from = (sample.attributes['transform'] as { readonly from?: unknown } | undefined)?.from;
  const camera = cameras.get(origin?.cameraId ?? '');
  const rows = [
    ...(camera ? [[t('view.camera'), camera.name] as const] : []),
    ...(origin && origin.group !== camera?.name ? [[t('view.group'), origin.group] as const] : []),
    [t('view.time'), origin?.wallTime ? <When at={origin.wallTime} zone={origin.timeZone ?? camera?.timeZone ?? 'UTC'} /> : t('view.noTime')],
    ...(origin?.frameIndex != null ? [[t('view.frame'), origin.video ? t('view.frameOf', { frame: whole(origin.frameIndex, locale), video: origin.video }) : whole(origin.frameIndex, locale)] as const] : []),
    [t('view.size'), `${sample.width} × ${sample.height}, ${formatBytes(sample.bytes, locale)}`],
    [t('view.sharpness'), quality ? decimal(quality.sharpness, locale, 0) : t('view.notMeasured')],
    [t('view.brightness'), quality ? percent(quality.brightness, locale) : t('view.notMeasured')],
    ...(worth
      ? [
          [t('view.goal'), worth.quality === null ? t('view.nothingSeen') : percent(worth.quality, locale)] as const,
          [t('view.work'), formatSpan(worth.seconds * 1000, locale)] as const,
          ...(worth.truncated > 0 ? [[t('view.truncated'), whole(worth.truncated, locale)] as const] : []),
        ]
      : []),
    ...(typeof from === 'string' ? [[t('view.madeOf'), <code className="break-all text-s">{from.slice(0, 12)}</code>] as const] : []),
    [t('view.name'), <span className="break-all">{sample.name}</span>],
    [t('view.split'), onSplit ? <SplitButtons value={split} onSplit={onSplit} /> : t(`split.${split ?? 'none'}`)],
  ] as const;
  return (
    <div className="flex flex-col gap-5">
      <Facts rows={rows.slice(0, -1)} />
      <section className="flex flex-col items-start gap-2">
        <h3 className="m-0 text-m font-semibold">{t('view.split')}</h3>
        {rows.at(-1)?.[1]}
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="m-0 text-m font-semibold">{t('view.labels')}</h3>
        {sample.annotations.length === 0 && <p className="m-0 text-s text-ink-3">{t('view.noLabels')}</p>}
        <ul className="m-0 flex list-none flex-col gap-1 p-0">
          {sample.annotations.map(({ id, kind, label, box, score }) => (
            <li key={id} className="flex items-center gap-2 text-m">
              <span aria-hidden className="size-3 shrink-0 rounded-s" style={{ background: labelColor(label) }} />
              <span className="min-w-0 clip">{kind === 'ignore' ? t('view.ignore') : labelText(label, locale)}</span>
              <span className="figures ml-auto shrink-0 text-s text-ink-3">
                {Math.round(box.width)} × {Math.round(box.height)}
                {score !== null && ` · ${score.toFixed(2)}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <CopyButton text={sample.sha256} label={t('view.digest')} />
    </div>
  );
}
