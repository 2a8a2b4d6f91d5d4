import type { HarvestDraft, HarvestField } from './harvest-draft.js';

/** What every part of the recipe's form is given. */
export interface FormPartProps {
  readonly draft: HarvestDraft;
  /** Words for what is wrong with a field, once they are to be shown. */
  readonly errorOf: (field: HarvestField) => string | undefined;
  /** What arrives later, from an upload say, is told as a change of what is there then. */
  readonly onDraft: (part: Partial<HarvestDraft> | ((before: HarvestDraft) => Partial<HarvestDraft>)) => void;
}
