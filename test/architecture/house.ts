/** The drawing of the house: which package may import which of ours. Anything not listed here is refused. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'libs/contracts': [],
  'libs/kernel': ['libs/contracts'],
  'libs/geometry': ['libs/contracts'],
  'libs/footage': ['libs/contracts', 'libs/kernel'],
  'libs/media': ['libs/contracts', 'libs/kernel', 'libs/footage'],
  'libs/models': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/storage'],
  'libs/pipeline': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/models'],
  'libs/storage': ['libs/contracts', 'libs/kernel', 'libs/footage'],
  'libs/database': ['libs/contracts', 'libs/kernel'],
  'libs/harvest': ['libs/contracts', 'libs/kernel'],
  'libs/datasets': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/storage'],
  'libs/jobs': ['libs/kernel'],
  'libs/embedded-postgres': ['libs/kernel'],
  'libs/api-client': ['libs/contracts'],
  'libs/testing': ['libs/contracts', 'libs/kernel', 'libs/embedded-postgres'],
  'apps/gateway': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/database', 'libs/jobs', 'libs/storage', 'libs/footage', 'libs/harvest', 'libs/datasets'],
  'apps/worker': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/database', 'libs/jobs', 'libs/media', 'libs/storage', 'libs/footage', 'libs/harvest', 'libs/datasets', 'libs/models', 'libs/pipeline'],
  'apps/inference': ['libs/contracts', 'libs/kernel', 'libs/geometry', 'libs/media', 'libs/pipeline', 'libs/models', 'libs/storage', 'libs/footage'],
  'apps/cli': ['libs/contracts', 'libs/kernel', 'libs/api-client', 'libs/embedded-postgres', 'libs/harvest'],
  'apps/dashboard': ['libs/contracts', 'libs/api-client', 'libs/geometry'],
};

/**
 * `examples/` stands outside of the house: programs as somebody else would write them, so they come in by the doors that others have. Of ours the API's client, its nouns and what reads
 * packages that were exported; else what the repository has anyway. Nobody imports them: the dashboard shows them as text.
 */
export const EXAMPLES_MAY_IMPORT: readonly string[] = ['@argus/api-client', '@argus/contracts', '@argus/datasets', 'pg', 'socket.io-client'];

/** Inside libs/pipeline: a stage imports nouns and flow, never a sibling. */
export const STAGE_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  flow: [],
  gate: ['flow'],
  detect: ['flow'],
  track: ['flow'],
  classify: ['flow'],
  events: ['flow'],
};

/** Stages that may use @argus/models, and the only lib that may know a native binding. */
export const STAGES_WITH_MODELS: readonly string[] = ['detect', 'classify'];
export const ONLY_IMPORTER: Readonly<Record<string, string>> = {
  'node-av': 'libs/media',
  'onnxruntime-node': 'libs/models',
  bullmq: 'libs/jobs',
  typeorm: 'libs/database',
};
