import type { PipelineSettings } from '@argus/contracts';

/** What every part of the pipeline's form gets. */
export interface DraftFields {
  readonly draft: PipelineSettings;
  /** By dotted path; empty until somebody tried to save. */
  readonly problems: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: PipelineSettings) => void;
}
