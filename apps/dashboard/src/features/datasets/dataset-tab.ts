import type { Dataset } from '@argus/contracts';
import type { PictureFilter } from './sample-filter.js';
import type { Bulk } from './use-bulk.js';

/** What every tab of a set's page is given. */
export interface DatasetTabProps {
  readonly dataset: Dataset;
  readonly filter: PictureFilter;
  /** `isStep`: Back leads to what was shown before. */
  readonly onFilter: (filter: PictureFilter, isStep?: boolean) => void;
  readonly bulk: Bulk;
}
