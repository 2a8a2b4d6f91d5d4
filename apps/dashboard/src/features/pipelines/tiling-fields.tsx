import { TilingSettings } from '@argus/contracts';
import { percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SwitchField } from '../../ui/field.js';
import type { DraftFields } from './draft-fields.js';
import { runsPerPicture } from './pipeline-draft.js';

/** Large pictures, small objects: a grid of tiles, what it costs, and how it lies on the picture. */
export function TilingFields({ draft, problems, readOnly, onDraft }: DraftFields) {
  const { t, locale } = useI18n();
  const { tiling } = draft;
  const change = (part: Partial<TilingSettings>) => tiling && onDraft({ ...draft, tiling: { ...tiling, ...part } });
  return (
    <section aria-label={t('tiling.title')} className="flex min-w-0 flex-col gap-3">
      <SwitchField label={t('tiling.title')} hint={t('tiling.hint')} checked={tiling !== null} onChecked={(on) => onDraft({ ...draft, tiling: on ? TilingSettings.parse({}) : null })} disabled={readOnly} />
      {tiling && (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <NumberField label={t('tiling.columns')} error={problems['tiling.columns']} value={tiling.columns} min={1} max={8} step={1} onValue={(value) => change({ columns: value ?? 0 })} />
            <NumberField label={t('tiling.rows')} error={problems['tiling.rows']} value={tiling.rows} min={1} max={8} step={1} onValue={(value) => change({ rows: value ?? 0 })} />
          </div>
          <NumberField label={t('tiling.overlap')} hint={t('tiling.overlapHint', { share: percent(tiling.overlap, locale) })} error={problems['tiling.overlap']} value={tiling.overlap} min={0} max={0.5} step={0.05} onValue={(value) => change({ overlap: value ?? 0 })} />
          <SwitchField label={t('tiling.whole')} hint={t('tiling.wholeHint')} checked={tiling.wholePicture} onChecked={(wholePicture) => change({ wholePicture })} disabled={readOnly} />
          <p aria-live="polite" className="m-0 rounded-m bg-raised p-3 text-ink">
            {t('tiling.cost', { count: runsPerPicture(tiling) })}
          </p>
        </>
      )}
    </section>
  );
}
