import { lumaPictures, pictureTimes, PrivacyPainter, type LumaFrame } from '@argus/media';
import type { FilmFollower } from './film-follower.js';
import type { FollowEnd, FollowOrder, PictureOfSegment } from './messages.js';
import { pictureAt, SAME_PICTURE_MS } from './picture-at.js';

type Drawn = FollowOrder['wish']['boxes'][number];

/** As large as pays: things are told apart as well, and a core follows some hundred boxes a second in any film. */
const WITHIN = { width: 640, height: 640 } as const;

/** Follows boxes through one segment, and tells each picture. null: the next segment may have more. @throws VideoFileError, RangeError */
export async function followSegment({ path, startMs, masks, wish }: FollowOrder, follower: FilmFollower, tell: (picture: PictureOfSegment) => void): Promise<FollowEnd | null> {
  const { ptsUs } = await pictureTimes(path);
  const drawn = new Map<number, Drawn[]>();
  for (const one of follower.waiting) {
    const number = pictureAt(ptsUs, startMs, one.atMs);
    if (number !== null) drawn.set(number, [...(drawn.get(number) ?? []), one]);
  }
  const isForward = wish.direction === 'forward';
  const first = isForward && follower.waiting.size === wish.boxes.length ? Math.min(...drawn.keys()) : 0;
  if (first === Infinity) return null;
  const painter = masks.length > 0 ? new PrivacyPainter(masks) : null;
  const frames = lumaPictures({ path, within: WITHIN, fromFrameIndex: first, threads: 1, repaint: painter && ((frame) => painter.paint(frame)) });
  try {
    for await (const frame of isForward ? frames : reversed(frames, wish.boxes, startMs)) {
      const atMs = startMs + frame.ptsUs / 1000;
      if (isForward ? atMs > wish.untilMs : atMs < wish.untilMs) return 'until';
      const told = follower.next(frame, atMs, drawn.get(frame.frameIndex) ?? []);
      if (typeof told === 'string') return told;
      if (told !== null) tell(told);
    }
    return null;
  } finally {
    painter?.close();
  }
}

/** A film is decoded forwards only: its pictures up to the last box wait in memory, some hundred of them. */
async function* reversed(frames: AsyncIterable<LumaFrame>, boxes: readonly Drawn[], startMs: number): AsyncGenerator<LumaFrame> {
  const last = Math.max(...boxes.map(({ atMs }) => atMs)) + SAME_PICTURE_MS;
  const held: LumaFrame[] = [];
  for await (const frame of frames) {
    if (startMs + frame.ptsUs / 1000 > last) break;
    held.push(frame);
  }
  yield* held.reverse();
}
