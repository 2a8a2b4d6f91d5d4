import type { DoorRoute } from '../door/worker-door.js';
import { ReaderPool } from '../harvest/reader-pool.js';
import { addPicturesRoute } from './add-pictures-route.js';
import type { PictureWork } from './add-pictures.js';
import { followRoute } from './follow-route.js';
import { labellingPlaces } from './labelling-places.js';
import { SegmentLabeller } from './segment-labeller.js';

/** What people who label footage ask for: an answer at once, so no jobs. */
export function startLabelling(work: PictureWork): { readonly routes: Readonly<Record<string, DoorRoute>>; close(): void } {
  const labellers = new ReaderPool(() => new SegmentLabeller());
  // Whoever sends a picture does not wait for those who follow boxes.
  const [following, sending] = [labellingPlaces(), labellingPlaces()];
  return {
    routes: { '/follow-boxes': followRoute(work.footage, labellers, following), '/footage-pictures': addPicturesRoute(work, labellers, sending) },
    close: () => labellers.close(),
  };
}
