import { SegmentId, type CameraId, type FollowBoxes, type FollowedLine, type FollowQuestion, type PointNormalized } from '@argus/contracts';
import type { SegmentDescription } from '@argus/footage';
import { isoTime } from '@argus/kernel';
import { FootageGoneError, MasksChangedError, NoPictureError } from '../errors.js';
import type { FootageIndex } from '../exports/footage-index.js';
import { SAME_PICTURE_MS } from './child/picture-at.js';
import type { FollowEnd, PictureOfSegment } from './child/messages.js';
import type { SegmentLabeller } from './segment-labeller.js';

export type LabelledFootage = Pick<FootageIndex, 'segments' | 'borrow' | 'maskedAreas'>;

/** Segments begin at whole milliseconds and clocks tremble; more than this between two is footage that is not there. */
const GAP_MS = 1000;

/** Follows drawn boxes from segment to segment, and says each picture as it is made. @throws FootageGoneError, MasksChangedError, NoPictureError, LabellingFailedError */
export async function followFootage({ cameraId, masked, wish }: FollowQuestion, footage: LabelledFootage, labeller: SegmentLabeller, say: (line: FollowedLine) => void, signal: AbortSignal): Promise<void> {
  const { fromMs, toMs } = rangeOf(wish);
  const segments = await footage.segments(cameraId, fromMs - SAME_PICTURE_MS, toMs + SAME_PICTURE_MS);
  if (segments.length === 0) throw new FootageGoneError();
  const masks = await masksOf(footage, cameraId, masked);
  let pictures = 0;
  const found = new Set<number>();
  const tell = (segment: SegmentDescription) => (picture: PictureOfSegment) => {
    pictures += 1;
    if (picture.boxes.some(({ drawn }) => drawn)) found.add(picture.atMs);
    say({ ...picture, segmentId: SegmentId.parse(segment.id) });
  };
  let end: FollowEnd | null = null;
  let before: SegmentDescription | null = null;
  for (const segment of wish.direction === 'forward' ? segments : segments.toReversed()) {
    if (pictures > 0 && before !== null && apartMs(before, segment) > GAP_MS) end = 'gap';
    if (end !== null) break;
    // Masks that were enlarged meanwhile hold for what comes.
    if (JSON.stringify(await masksOf(footage, cameraId, masked)) !== JSON.stringify(masks)) throw new MasksChangedError();
    const file = await footage.borrow(segment.path);
    try {
      end = await labeller.follow({ task: 'follow', begins: before === null, wish, path: file.path, startMs: segment.startMs, masks }, tell(segment), signal);
    } finally {
      await file.giveBack();
    }
    before = segment;
  }
  requireAllFound(wish, found);
  say({ kind: 'end', because: end ?? reachedEnd(wish, before), pictures });
}

function rangeOf({ direction, untilMs, boxes }: FollowBoxes): { fromMs: number; toMs: number } {
  const times = boxes.map(({ atMs }) => atMs);
  return direction === 'forward' ? { fromMs: Math.min(...times), toMs: untilMs } : { fromMs: untilMs, toMs: Math.max(...times) };
}

async function masksOf(footage: LabelledFootage, cameraId: CameraId, masked: boolean): Promise<readonly (readonly PointNormalized[])[]> {
  if (!masked) return [];
  const areas = await footage.maskedAreas(cameraId);
  if (areas === null || areas.length === 0) throw new MasksChangedError();
  return areas;
}

const apartMs = (a: SegmentDescription, b: SegmentDescription): number => Math.max(a.startMs, b.startMs) - Math.min(a.endMs, b.endMs);

/** Footage that ends before the wanted end has a gap there. */
const reachedEnd = ({ direction, untilMs }: FollowBoxes, last: SegmentDescription | null): FollowEnd => (last !== null && (direction === 'forward' ? last.endMs + GAP_MS >= untilMs : last.startMs - GAP_MS <= untilMs) ? 'until' : 'gap');

/** The first box has to be in a picture; later ones may lie behind a gap. */
function requireAllFound({ boxes, direction }: FollowBoxes, found: ReadonlySet<number>): void {
  if (found.size > 0) return;
  const times = boxes.map(({ atMs }) => atMs);
  throw new NoPictureError(isoTime(direction === 'forward' ? Math.min(...times) : Math.max(...times)));
}
