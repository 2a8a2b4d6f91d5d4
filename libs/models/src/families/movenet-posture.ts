import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Classification } from './classification.js';
import type { ExpectedShapes } from './expected-shape.js';
import { readKeypoints } from './keypoints.js';
import { POSTURES, postureOf } from './posture-rules.js';

const VALUES = 17 * 3;

/** One output: 17 keypoints of one person, each y, x, score. The labels are the four postures. */
export function postureShapes({ outputs, labels }: ModelManifest): ExpectedShapes {
  if (outputs.length !== 1) return 'one output';
  if (labels.length !== POSTURES.length || !POSTURES.every((posture) => labels.includes(posture))) return `one output, and the labels ${POSTURES.join(', ')}`;
  return [{ dims: [1, 17, 3], meaning: '17 keypoints of one person as y, x, score' }];
}

/** All four postures, best first. */
export function decodePosture(_manifest: ModelManifest, outputs: readonly Tensor[], index: number): Classification {
  const { scores, quality } = postureOf(readKeypoints((outputs[0] as Tensor).data, index * VALUES));
  const candidates = POSTURES.map((label) => ({ label, score: scores[label] })).sort((a, b) => b.score - a.score);
  return { candidates, quality };
}
