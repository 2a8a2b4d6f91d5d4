import { useI18n } from '../../i18n/i18n.js';
import { SelectField, TextField } from '../../ui/field.js';
import type { FormPartProps } from './form-part-props.js';

const ZONES = Intl.supportedValuesOf('timeZone');

/** By which clock times are meant and told. */
export function ZoneField({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <SelectField
        label={t('harvest.zone')}
        hint={draft.source === 'cameras' ? undefined : t('harvest.zoneVideosHint')}
        value={draft.zone === null ? 'own' : 'one'}
        onValue={(value) => onDraft({ zone: value === 'own' ? null : Intl.DateTimeFormat().resolvedOptions().timeZone })}
        options={[
          { value: 'own', text: t(draft.source === 'cameras' ? 'harvest.zone.own' : 'harvest.zone.utc') },
          { value: 'one', text: t(draft.source === 'cameras' ? 'harvest.zone.one' : 'harvest.zone.chosen') },
        ]}
      />
      {draft.zone !== null && (
        <>
          <TextField label={t('harvest.zoneName')} error={errorOf('zone')} value={draft.zone} onValue={(zone) => onDraft({ zone })} list="harvest-zones" spellCheck={false} />
          <datalist id="harvest-zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </div>
  );
}
