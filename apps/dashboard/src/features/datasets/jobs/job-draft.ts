import { DatasetJobOptions, type ModelSummary } from '@argus/contracts';

/** Jobs that people begin here. Vectors are made by those that need them, and imports begin with an upload. */
export const JOB_KINDS = ['pick-diverse', 'find-duplicates', 'auto-label', 'split', 'grade', 'regroup', 'redact', 'export', 'version'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
export type JobDraft = Extract<DatasetJobOptions, { kind: JobKind }>;

const { rules: GRADE_RULES } = DatasetJobOptions.parse({ kind: 'grade' }) as Extract<DatasetJobOptions, { kind: 'grade' }>;

/** Sensible wishes of a kind, to be changed. `names`: of the sets that jobs would make. */
export function newJob(kind: JobKind, { names, detector }: { readonly names: { readonly crops: string; readonly redacted: string }; readonly detector: ModelSummary['id'] | null }): JobDraft {
  switch (kind) {
    case 'pick-diverse':
      return { kind, count: 20, perGroup: null, minDistance: 0, weights: {}, goal: null, target: { kind: 'focus' } };
    case 'find-duplicates':
      return { kind, how: 'near', bits: 8, epsilon: 0.01, remove: false };
    case 'auto-label':
      return { kind, model: (detector ?? '') as ModelSummary['id'], also: [], minScore: null, labels: {}, tiling: null, skipReviewed: true };
    case 'split':
      return { kind, shares: { train: 0.8, val: 0.1, test: 0.1 }, seed: '', linked: true };
    case 'grade':
      return { kind, model: detector, minScore: 0.5, scenes: 1000, rules: GRADE_RULES };
    case 'regroup':
      return { kind, name: names.crops.slice(0, 200), reach: 0.5, margin: 0.15, ratio: null };
    case 'redact':
      return { kind, name: names.redacted.slice(0, 200), model: (detector ?? '') as ModelSummary['id'], minScore: 0.25, tiling: null, heads: true, labels: [], how: 'mosaic' };
    case 'export':
      return { kind, format: 'coco', reviewedOnly: true, ignoreUnreviewed: false, completeOnly: false, splits: null, version: null, audience: 'private' };
    case 'version':
      return { kind, message: '' };
  }
}
