import type { KeypointName } from '@argus/models';
import { describe, expect, it } from 'vitest';
import { headRegions, upperThird, type Joint } from './head-regions.js';

const NAMES: readonly KeypointName[] = ['nose', 'leftEye', 'rightEye', 'leftEar', 'rightEar', 'leftShoulder', 'rightShoulder', 'leftElbow', 'rightElbow', 'leftWrist', 'rightWrist', 'leftHip', 'rightHip', 'leftKnee', 'rightKnee', 'leftAnkle', 'rightAnkle'];
const PERSON = { x: 100, y: 100, width: 80, height: 240 };
const joints = (parts: Partial<Record<KeypointName, readonly [number, number]>>, score = 0.8) =>
  Object.fromEntries(NAMES.map((name) => [name, parts[name] ? { x: parts[name][0], y: parts[name][1], score } : { x: 0, y: 0, score: 0 }])) as Record<KeypointName, Joint>;
const FACE = { nose: [140, 120], leftEye: [146, 114], rightEye: [134, 114], leftEar: [152, 117], rightEar: [128, 117], leftShoulder: [165, 145], rightShoulder: [115, 145] } as const;

describe('the regions of a head', () => {
  it('lie around what is seen of the face, from above the hair to below the chin', () => {
    const [head, ...others] = headRegions(PERSON, joints(FACE));
    expect(others).toEqual([]);
    expect(head?.x).toBeLessThan(118);
    expect((head?.x ?? 0) + (head?.width ?? 0)).toBeGreaterThan(162);
    expect(head?.y).toBeLessThan(95);
    expect((head?.y ?? 0) + (head?.height ?? 0)).toBeGreaterThan(135);
    expect((head?.y ?? 0) + (head?.height ?? 0)).toBeLessThan(170);
  });

  it('are never smaller than a head of that person may be, also from the side', () => {
    const [head] = headRegions(PERSON, joints({ nose: [141, 120], leftEar: [140, 119] }));
    expect(head?.width).toBeGreaterThan(PERSON.height / 7);
  });

  it.each([
    ['nothing is seen', joints({})],
    ['one joint is seen', joints({ nose: [140, 120] })],
    ['they are guesses', joints(FACE, 0.2)],
    ['they are those of somebody beside', joints({ nose: [300, 120], leftEye: [306, 114], rightEye: [294, 114] })],
  ])('are the upper third where %s', (_what, given) => {
    expect(headRegions(PERSON, given)).toEqual([upperThird(PERSON)]);
  });

  it('are both where the joints are in an unlikely place; not of who lies', () => {
    const low = joints({ nose: [140, 260], leftEye: [146, 254], rightEye: [134, 254] });
    expect(headRegions(PERSON, low)).toMatchObject([{ y: expect.any(Number) }, upperThird(PERSON)]);
    expect(headRegions({ x: 100, y: 200, width: 240, height: 80 }, joints({ nose: [330, 260], leftEye: [334, 254], rightEye: [334, 266] }))).toHaveLength(1);
  });
});
