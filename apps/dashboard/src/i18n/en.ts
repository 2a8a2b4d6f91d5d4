import { common } from './en/common.js';
import { watch } from './en/watch.js';
import { cameras } from './en/cameras.js';
import { pipelines } from './en/pipelines.js';
import { compute } from './en/compute.js';
import { rules } from './en/rules.js';
import { operate } from './en/operate.js';
import { problems } from './en/problems.js';
import { exportTexts } from './en/exports.js';
import { exampleTexts } from './en/examples.js';
import { guideTexts } from './en/guide.js';
import { helpTexts } from './en/help.js';
import { harvestTexts } from './en/harvest.js';
import { videoTexts } from './en/videos.js';
import { datasetTexts } from './en/datasets.js';
import { recordings } from './en/recordings.js';
import { setJobTexts } from './en/set-jobs.js';
import { labellingTexts } from './en/labelling.js';
import { timeline } from './en/timeline.js';
import { importTexts } from './en/imports.js';
import { straightenTexts } from './en/straighten.js';
import { workTimeTexts } from './en/work-time.js';
import { versionTexts } from './en/versions.js';

/** All texts in English; other languages have the same keys. `|` parts the forms for one and many. */
export const en = { ...common, ...watch, ...cameras, ...pipelines, ...compute, ...rules, ...operate, ...problems, ...timeline, ...labellingTexts, ...recordings, ...exportTexts, ...harvestTexts, ...videoTexts, ...helpTexts, ...datasetTexts, ...setJobTexts, ...straightenTexts, ...versionTexts, ...workTimeTexts, ...importTexts, ...guideTexts, ...exampleTexts };

export type TextKey = keyof typeof en;
