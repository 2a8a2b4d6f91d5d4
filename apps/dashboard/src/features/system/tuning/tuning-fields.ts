import type { TuningProfile } from '@argus/contracts';

/** What every part of the tuning form gets. */
export interface TuningFields {
  readonly draft: TuningProfile;
  /** By dotted path: what the contract or the server refused. */
  readonly problems: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: TuningProfile) => void;
}
