import type { DatasetJobKind } from '@argus/contracts';
import { autoLabel } from './auto-label.js';
import { compareVersions } from './compare-versions.js';
import { embed } from './embed.js';
import { exportSet } from './export-set.js';
import { findDuplicates } from './find-duplicates.js';
import { grade } from './grade.js';
import { importSet } from './import-set.js';
import type { RunKind } from './job-in-hand.js';
import { pickDiverse } from './pick-diverse.js';
import { redact } from './redact.js';
import { regroup } from './regroup.js';
import { restoreVersion } from './restore-version.js';
import { sealVersion } from './seal-version.js';
import { split } from './split.js';
import { transform } from './transform.js';

/** How each kind of job is done. */
export const KINDS: { readonly [K in DatasetJobKind]: RunKind<K> } = {
  embed,
  'pick-diverse': pickDiverse,
  'find-duplicates': findDuplicates,
  split,
  grade,
  'auto-label': autoLabel,
  regroup,
  redact,
  transform,
  export: exportSet,
  import: importSet,
  version: sealVersion,
  'restore-version': restoreVersion,
  'compare-versions': compareVersions,
};
