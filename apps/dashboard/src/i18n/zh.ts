import type { TextKey } from './en.js';
import { common } from './zh/common.js';
import { watch } from './zh/watch.js';
import { cameras } from './zh/cameras.js';
import { pipelines } from './zh/pipelines.js';
import { compute } from './zh/compute.js';
import { rules } from './zh/rules.js';
import { operate } from './zh/operate.js';
import { problems } from './zh/problems.js';
import { exportTexts } from './zh/exports.js';
import { exampleTexts } from './zh/examples.js';
import { guideTexts } from './zh/guide.js';
import { helpTexts } from './zh/help.js';
import { harvestTexts } from './zh/harvest.js';
import { videoTexts } from './zh/videos.js';
import { datasetTexts } from './zh/datasets.js';
import { recordings } from './zh/recordings.js';
import { setJobTexts } from './zh/set-jobs.js';
import { labellingTexts } from './zh/labelling.js';
import { timeline } from './zh/timeline.js';
import { importTexts } from './zh/imports.js';
import { straightenTexts } from './zh/straighten.js';
import { workTimeTexts } from './zh/work-time.js';
import { versionTexts } from './zh/versions.js';

/** All texts in Chinese. */
export const zh: Readonly<Record<TextKey, string>> = { ...common, ...watch, ...cameras, ...pipelines, ...compute, ...rules, ...operate, ...problems, ...timeline, ...labellingTexts, ...recordings, ...exportTexts, ...harvestTexts, ...videoTexts, ...helpTexts, ...datasetTexts, ...setJobTexts, ...straightenTexts, ...versionTexts, ...workTimeTexts, ...importTexts, ...guideTexts, ...exampleTexts };
