/** Order of MoveNet's 17 keypoints (that of COCO). */
export const KEYPOINTS = ['nose', 'leftEye', 'rightEye', 'leftEar', 'rightEar', 'leftShoulder', 'rightShoulder', 'leftElbow', 'rightElbow', 'leftWrist', 'rightWrist', 'leftHip', 'rightHip', 'leftKnee', 'rightKnee', 'leftAnkle', 'rightAnkle'] as const;
export type KeypointName = (typeof KEYPOINTS)[number];

/** Position as fractions of the model's square input, right and down; score 0..1. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}
export type Keypoints = Readonly<Record<KeypointName, Keypoint>>;

/** Reads 17 rows of y, x, score. */
export function readKeypoints(data: Float32Array, from: number): Keypoints {
  const points = KEYPOINTS.map((name, index) => {
    const at = from + index * 3;
    return [name, { y: data[at] ?? 0, x: data[at + 1] ?? 0, score: data[at + 2] ?? 0 }] as const;
  });
  return Object.fromEntries(points) as Record<KeypointName, Keypoint>;
}
