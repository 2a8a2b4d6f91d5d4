import type { RecordedPicture, TrackId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { expect, it } from 'vitest';
import { packPictures, unpackPictures } from './packed-pictures.js';

it('packs ten seconds of three people into a fraction of their JSON, and gives them back', () => {
  const ids = [1, 2, 3].map(() => newId<TrackId>());
  const pictures: RecordedPicture[] = Array.from({ length: 50 }, (_, index) => ({
    atMs: index * 200,
    objects: ids.map((trackId, number) => ({ trackId, number: number + 1, label: 'person', score: 0.5 + ((index * 37) % 50) / 100, box: { x: 0.1 + index / 200, y: 0.2, width: 0.05, height: 0.3 + ((index * 13) % 7) / 1000 }, attributes: {} })),
  }));
  const packed = packPictures(pictures);
  expect(unpackPictures(packed)).toEqual(pictures);
  expect(packed?.length).toBeLessThan(JSON.stringify(pictures).length / 7);
  expect([packPictures([]), unpackPictures(null)]).toEqual([null, []]);
});
