import type { HarvestSource } from '@argus/contracts';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Section } from '../../ui/page.js';
import { RadioCards } from '../../ui/radio-cards.js';
import type { FormPartProps } from './form-part-props.js';
import { withSource } from './harvest-draft.js';

/** Where footage is taken from: what the person may use, and what the recipe has. */
export function RecipeSource({ draft, onDraft }: FormPartProps) {
  const { t } = useI18n();
  const can = useCan();
  const kinds = (['cameras', 'folder', 'uploads'] as const).filter((kind) => kind === draft.source || kind === 'cameras' || can(kind === 'folder' ? 'harvest.folders' : 'dataset.write'));
  if (kinds.length === 1) return null;
  const options = kinds.map((value) => ({ value, text: t(`harvest.source.${value}`), hint: t(`harvest.sourceHint.${value}`) }));
  return (
    <Section title={t('harvest.source')}>
      <RadioCards<HarvestSource['kind']> label={t('harvest.sourceKind')} value={draft.source} onValue={(source) => onDraft((before) => withSource(before, source))} options={options} />
    </Section>
  );
}
