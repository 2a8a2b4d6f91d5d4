import { assign, boxIou, growBox } from '@argus/geometry';
import type { LiveTrack, Sighting } from './live-track.js';
import type { TrackerTuning } from './tracker-options.js';

/** Speeds below this (box sizes / s) have no direction worth comparing. */
const SLOWEST = 0.3;

export interface Pairing {
  readonly pairs: readonly (readonly [LiveTrack, Sighting])[];
  readonly leftTracks: LiveTrack[];
  readonly leftSightings: Sighting[];
}

/** Best pairing of tracks with sightings under a cost; pairs that cost `limit` or more stay apart. */
export function pairUp(tracks: readonly LiveTrack[], sightings: readonly Sighting[], limit: number, cost: (track: LiveTrack, sighting: Sighting) => number): Pairing {
  const costs = new Float64Array(tracks.length * sightings.length);
  tracks.forEach((track, i) => sightings.forEach((sighting, j) => (costs[i * sightings.length + j] = cost(track, sighting))));
  const pairs: [LiveTrack, Sighting][] = [];
  const leftTracks: LiveTrack[] = [];
  const taken = new Set<number>();
  assign(costs, tracks.length, sightings.length, limit).forEach((column, row) => {
    const [track, sighting] = [tracks[row], sightings[column]];
    if (track && sighting) {
      pairs.push([track, sighting]);
      taken.add(column);
    } else if (track) leftTracks.push(track);
  });
  return { pairs, leftTracks, leftSightings: sightings.filter((_, column) => !taken.has(column)) };
}

/**
 * How badly a sighting fits where the track is expected, 0..1 and above. Boxes grow with the uncertainty of the prediction, so
 * that at 2 pictures a second, where nobody overlaps where they were, the nearest still wins.
 */
export function fitCost(track: LiveTrack, sighting: Sighting, tuning: TrackerTuning): number {
  const expected = track.expected;
  const { x, y } = track.filter.deviation;
  const growth = Math.min(tuning.mostGrowth, tuning.growth * Math.max(x / expected.width, y / expected.height));
  const overlap = boxIou(growBox(expected, growth), growBox(sighting.box, growth));
  if (overlap === 0) return Infinity;
  const tall = Math.min(expected.height, sighting.box.height) / Math.max(expected.height, sighting.box.height);
  return 1 - overlap * tall ** tuning.heightPower + tuning.turnCost * turn(track, sighting) + (sighting.label === track.label ? 0 : tuning.labelCost);
}

/** 0 straight on .. 1 turned round, for tracks that were going somewhere. */
function turn(track: LiveTrack, { box }: Sighting): number {
  const { lastBox } = track;
  const { x: vx, y: vy } = track.filter.velocity;
  const speed = Math.hypot(vx, vy);
  const size = Math.sqrt(lastBox.width * lastBox.height);
  const dx = box.x + box.width / 2 - lastBox.x - lastBox.width / 2;
  const dy = box.y + box.height / 2 - lastBox.y - lastBox.height / 2;
  const distance = Math.hypot(dx, dy);
  if (speed < SLOWEST * size || distance < 0.1 * size) return 0;
  return (1 - (vx * dx + vy * dy) / (speed * distance)) / 2;
}
