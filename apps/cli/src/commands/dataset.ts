import { type Command } from '../command.js';
import { UsageError } from '../errors.js';
import { datasetJob } from './dataset-job.js';
import { datasetSearch } from './dataset-search.js';
import { datasetExport, datasetImport } from './dataset-exchange.js';
import { datasetCopy, datasetPutBack, datasetRemove, datasetSet } from './dataset-samples.js';
import { datasetCreate, datasetDelete, datasetEdit } from './dataset-settings.js';
import { datasetCancel, datasetJobs, datasetList, datasetResume, datasetShow, datasetStorage } from './dataset-show.js';
import { datasetTrack } from './dataset-track.js';
import { datasetCompare, datasetRestore, datasetVersion, datasetVersions } from './dataset-versions.js';

/** What follows `argus dataset`; each is a command of its own. */
const ACTIONS: readonly Command[] = [datasetList, datasetShow, datasetSearch, datasetCreate, datasetEdit, datasetDelete, datasetSet, datasetRemove, datasetPutBack, datasetCopy, datasetTrack, datasetJob, datasetJobs, datasetCancel, datasetResume, datasetExport, datasetImport, datasetVersion, datasetVersions, datasetCompare, datasetRestore, datasetStorage];

export const dataset: Command = {
  name: 'dataset',
  summary: 'sample sets, and jobs on whole ones',
  usage: ACTIONS.map(({ usage }) => usage).join('\n\n'),
  async run([name, ...args], terminal) {
    const action = ACTIONS.find((one) => one.name === name);
    if (!action) throw new UsageError(`expected ${ACTIONS.map((one) => `"${one.name}"`).join(' or ')} after "dataset", got ${name === undefined ? 'nothing' : `"${name}"`}`);
    return action.run(args, terminal);
  },
};
