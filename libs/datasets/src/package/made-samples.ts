import { createHash } from 'node:crypto';
import type { Annotation, CameraId, ModelId, Sample } from '@argus/contracts';
import type { SampleSource } from '../sample-source.js';

/** Samples that follow from numbers alone: the same on every machine. For specs. */
export function madeSample(number: number): { readonly sample: Sample; readonly content: Buffer } {
  const content = Buffer.concat(Array.from({ length: 3 + (number % 40) }, (_, part) => createHash('sha512').update(`${number}/${part}`).digest()));
  const sample: Sample = {
    sha256: createHash('sha256').update(content).digest('hex'),
    mime: number % 5 === 0 ? 'image/png' : 'image/jpeg',
    bytes: content.length,
    width: 1920,
    height: 1080,
    name: `图 ${number} 🚗.jpg`,
    origin: number % 7 === 0 ? null : { cameraId: number % 2 ? (`0192aaaa-0000-7000-8000-00000000000${number % 6}` as CameraId) : null, group: `camera ${number % 6}`, video: null, frameIndex: number * 200, ptsUs: -number * 40_000, wallTime: '2026-03-29T01:00:00.123456Z', timeZone: 'Europe/Berlin', tzVersion: null },
    quality: number % 3 === 0 ? null : { sharpness: 100 / (number + 1), brightness: 0.1 + (number % 8) / 10, phash: number.toString(16).padStart(16, '0') },
    split: (['train', 'val', 'test', null] as const)[number % 4] ?? null,
    complete: number % 2 === 0,
    focus: number % 9 === 0,
    annotations: Array.from({ length: number % 11 }, (_, at) => madeAnnotation(number, at)),
    attributes: number % 4 === 0 ? { weather: '雨', nested: { list: [1, null, 'x'] } } : {},
  };
  return { sample, content };
}

const LABELS = ['person', 'car', '狗', 'café', ''];

function madeAnnotation(number: number, at: number): Annotation {
  const kind = (['box', 'polygon', 'mask', 'points', 'ignore'] as const)[at % 5] as Annotation['kind'];
  const x = (number * 13.7 + at * 0.1) % 1000;
  return {
    id: `${number}-${at}`,
    kind,
    label: LABELS[(number + at) % LABELS.length] as string,
    box: { x, y: at / 3, width: 10.1 + at, height: 1e-7 + number },
    points: kind === 'polygon' ? [x, 0.1, x + 5.5, 0.25, x + 1 / 3, 20] : kind === 'points' ? [x, 1.5, 2, 4, 5, 0] : null,
    runs: kind === 'mask' ? [0, 300, 1920 * 1080 - 300 - at, at] : null,
    track: at % 3 === 0 ? { id: `t${at}`, keyframe: at % 2 === 0, outside: false } : null,
    occluded: at % 4 === 1,
    score: at % 2 ? 0.1 + at / 17 : null,
    model: at % 5 === 1 ? { id: 'street' as ModelId, version: '1.2.0', digest: 'sha256:abc' } : null,
    state: (['auto', 'edited', 'reviewed', 'accepted'] as const)[at % 4] as Annotation['state'],
    attributes: at % 6 === 0 ? { colour: 'red' } : {},
  };
}

/** A set of them, in the order of digests as it must be. */
export function sourceOf(samples: readonly { readonly sample: Sample; readonly content: Uint8Array }[], name = 'made'): SampleSource {
  const sorted = [...samples].sort((a, b) => (a.sample.sha256 < b.sample.sha256 ? -1 : 1));
  const contents = new Map(sorted.map(({ sample, content }) => [sample.sha256, content]));
  return {
    name,
    async *samples() {
      for (const { sample } of sorted) yield sample;
    },
    async read(sha256) {
      const content = contents.get(sha256);
      if (!content) throw new Error(`no picture ${sha256}`);
      return content;
    },
  };
}
