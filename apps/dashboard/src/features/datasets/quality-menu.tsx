import { useI18n } from '../../i18n/i18n.js';
import { MenuButton } from '../../ui/check-menu.js';
import { NumberField, SelectField } from '../../ui/field.js';
import { BOUNDS, MEASURES, type PictureFilter } from './sample-filter.js';

const STEPS = { sharpness: 10, brightness: 0.05, box: 8 } as const;
const ANY = 'any';

/** How good pictures are, and what is in them: sharp, bright, large enough, whole. */
export function QualityMenu({ filter, onChange }: { filter: PictureFilter; onChange: (part: Partial<PictureFilter>) => void }) {
  const { t } = useI18n();
  const bounded = MEASURES.filter((measure) => filter[`${measure}From`] !== null || filter[`${measure}To`] !== null).map((measure) => t(`quality.${measure}`));
  const chosen = [...bounded, ...(filter.truncated === null ? [] : [t(`quality.truncated.${filter.truncated}`)])];
  return (
    <MenuButton label={t('filter.quality')} chosen={chosen.length === 0 ? null : chosen.join(', ')}>
      <div className="-m-1 flex min-h-0 flex-col gap-3 overflow-auto p-1">
        {MEASURES.map((measure) => (
          <fieldset key={measure} className="m-0 min-w-0 border-0 p-0">
            <legend className="p-0 text-s font-semibold">{t(`quality.${measure}`)}</legend>
            <p className="m-0 mb-1 text-s text-ink-3">{t(`quality.${measure}Hint`)}</p>
            <div className="grid grid-cols-2 gap-2">
              {BOUNDS.filter((bound) => bound.startsWith(measure)).map((bound) => (
                <NumberField key={bound} label={t(bound.endsWith('From') ? 'quality.from' : 'quality.to')} min={0} step={STEPS[measure]} value={filter[bound]} onValue={(value) => onChange({ [bound]: value !== null && value >= 0 ? value : null })} />
              ))}
            </div>
          </fieldset>
        ))}
        <SelectField
          label={t('quality.truncated')}
          value={filter.truncated === null ? ANY : String(filter.truncated)}
          onValue={(value) => onChange({ truncated: value === ANY ? null : value === 'true' })}
          options={[{ value: ANY, text: t('quality.truncated.any') }, ...(['true', 'false'] as const).map((value) => ({ value, text: t(`quality.truncated.${value}`) }))]}
        />
      </div>
    </MenuButton>
  );
}
