import { rankVectors } from '@argus/datasets';
import { countScenes, findDuplicateRows, pickSamples, splitSamples } from './compare-set.js';
import { cropPicture } from './crop-picture.js';
import { detectPicture } from './detect-picture.js';
import { describeEmbedder, embedPicture, embedText } from './embed-picture.js';
import { measurePicture } from './measure-picture.js';
import { redactPicture } from './redact-picture.js';
import { takePictureIn } from './take-picture-in.js';
import { warpPicture } from './warp-picture.js';

/** What the process of a job can be asked for. */
export const TASKS = {
  embedder: describeEmbedder,
  embed: embedPicture,
  'embed-text': embedText,
  rank: rankVectors,
  measure: measurePicture,
  detect: detectPicture,
  crop: cropPicture,
  warp: warpPicture,
  redact: redactPicture,
  'take-in': takePictureIn,
  pick: pickSamples,
  duplicates: findDuplicateRows,
  split: splitSamples,
  scenes: countScenes,
};
export type Tasks = typeof TASKS;
