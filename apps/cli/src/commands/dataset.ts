import { commandGroup } from '../command-group.js';
import { datasetJob } from './dataset-job.js';
import { datasetSearch } from './dataset-search.js';
import { datasetExport, datasetImport } from './dataset-exchange.js';
import { datasetCopy, datasetPutBack, datasetRemove, datasetSet } from './dataset-samples.js';
import { datasetCreate, datasetDelete, datasetEdit } from './dataset-settings.js';
import { datasetCancel, datasetJobs, datasetList, datasetResume, datasetShow, datasetStorage, datasetTime } from './dataset-show.js';
import { datasetTrack } from './dataset-track.js';
import { datasetTransform } from './dataset-transform.js';
import { datasetCompare, datasetRestore, datasetVersion, datasetVersions } from './dataset-versions.js';

/** What follows `argus dataset`; each is a command of its own. */
export const dataset = commandGroup('dataset', 'sample sets, and jobs on whole ones', [datasetList, datasetShow, datasetTime, datasetSearch, datasetCreate, datasetEdit, datasetDelete, datasetSet, datasetRemove, datasetPutBack, datasetCopy, datasetTrack, datasetTransform, datasetJob, datasetJobs, datasetCancel, datasetResume, datasetExport, datasetImport, datasetVersion, datasetVersions, datasetCompare, datasetRestore, datasetStorage]);
