import type { VideoGrouping } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField, SwitchField } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { FolderField } from './folder-field.js';
import type { FormPartProps } from './form-part-props.js';
import type { Refusal } from './harvest-refusals.js';
import { PatternsField } from './patterns-field.js';
import { UploadsField } from './uploads-field.js';
import { ZoneField } from './zone-field.js';

/** Which video files, and what they belong to. */
export function RecipeVideos(props: FormPartProps & { refusal: Refusal | null }) {
  const { t } = useI18n();
  const { draft, errorOf, refusal, onDraft } = props;
  const wrongOf = (field: 'takeFiles' | 'leaveFiles') => (refusal?.field === field ? refusal.index : null);
  return (
    <Section title={t('harvest.videos')}>
      {draft.source === 'folder' && <FolderField path={draft.folder} error={errorOf('folder')} onPath={(folder) => onDraft({ folder })} />}
      {draft.source === 'uploads' && <UploadsField {...props} />}
      <PatternsField label={t('harvest.takeFiles')} hint={t('harvest.takeFilesHint')} patterns={draft.takeFiles} error={errorOf('takeFiles')} wrong={wrongOf('takeFiles')} onPatterns={(takeFiles) => onDraft({ takeFiles })} />
      <PatternsField label={t('harvest.leaveFiles')} hint={t('harvest.excludeHint')} patterns={draft.leaveFiles} error={errorOf('leaveFiles')} wrong={wrongOf('leaveFiles')} onPatterns={(leaveFiles) => onDraft({ leaveFiles })} />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <SelectField
          label={t('harvest.grouping')}
          hint={t(`harvest.groupingHint.${draft.grouping}`)}
          value={draft.grouping}
          onValue={(grouping) => onDraft({ grouping: grouping as VideoGrouping })}
          options={(['folder', 'prefix'] as const).map((value) => ({ value, text: t(`harvest.grouping.${value}`) }))}
        />
      </div>
      <SwitchField label={t('harvest.least')} hint={t('harvest.leastHint')} checked={draft.hasLeast} onChecked={(hasLeast) => onDraft({ hasLeast })} />
      {draft.hasLeast && (
        <div className="grid grid-cols-2 gap-3 sm:max-w-80">
          <NumberField label={t('harvest.width')} error={errorOf('least')} unit="px" value={draft.leastWidth} onValue={(leastWidth) => onDraft({ leastWidth })} min={16} max={16_384} step={1} />
          <NumberField label={t('harvest.height')} unit="px" value={draft.leastHeight} onValue={(leastHeight) => onDraft({ leastHeight })} min={16} max={16_384} step={1} />
        </div>
      )}
      <ZoneField {...props} />
    </Section>
  );
}
