import type { NamePattern } from '@argus/contracts';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { ChipsField } from '../../ui/chips-field.js';
import { Section } from '../../ui/page.js';
import type { FormPartProps } from './form-part-props.js';
import type { Refusal } from './harvest-refusals.js';
import { PatternsField } from './patterns-field.js';

interface RecipeCamerasProps extends FormPartProps {
  readonly refusal: Refusal | null;
  readonly onTyped: (pattern: NamePattern | null) => void;
}

/** Which cameras, by their names and tags. */
export function RecipeCameras({ draft, errorOf, refusal, onDraft, onTyped }: RecipeCamerasProps) {
  const { t } = useI18n();
  const tags = [...new Set((useAll('listCameras').data ?? []).flatMap((camera) => camera.tags))].sort();
  const wrongOf = (field: 'include' | 'exclude') => (refusal?.field === field ? refusal.index : null);
  return (
    <Section title={t('harvest.cameras')}>
      <PatternsField label={t('harvest.include')} hint={t('harvest.includeHint')} patterns={draft.include} error={errorOf('include')} wrong={wrongOf('include')} onPatterns={(include) => onDraft({ include })} onTyped={onTyped} />
      <PatternsField label={t('harvest.exclude')} hint={t('harvest.excludeHint')} patterns={draft.exclude} error={errorOf('exclude')} wrong={wrongOf('exclude')} onPatterns={(exclude) => onDraft({ exclude })} />
      <ChipsField label={t('harvest.tags')} hint={t('harvest.tagsHint')} error={errorOf('tags')} values={draft.tags} suggestions={tags} onValues={(next) => onDraft({ tags: next })} />
    </Section>
  );
}
