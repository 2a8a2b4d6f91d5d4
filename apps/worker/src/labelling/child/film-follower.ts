import type { FollowBoxes, FollowedPicture, SizePixels } from '@argus/contracts';
import { BoxFollower } from '@argus/datasets';
import type { LumaFrame } from '@argus/media';
import type { FollowEnd, PictureOfSegment } from './messages.js';

type Drawn = FollowBoxes['boxes'][number];

interface Track {
  follower: BoxFollower;
  /** Wall time since which it is being looked for; null: it is seen. */
  lostSinceMs: number | null;
}

/** What is not seen again for so long is not looked for any more: whatever looks like it then is something else. */
const LOST_FOR_MS = 3000;

/** Follows the boxes of a wish through pictures, in the order in which they were taken, or backwards. */
export class FilmFollower {
  readonly #tracks = new Map<string, Track>();
  /** Not drawn yet. */
  readonly #waiting: Set<Drawn>;
  #size: SizePixels | null = null;

  constructor(private readonly wish: FollowBoxes) {
    this.#waiting = new Set(wish.boxes);
  }

  /** Boxes that no picture had yet. */
  get waiting(): ReadonlySet<Drawn> {
    return this.#waiting;
  }

  /**
   * The next picture. `drawn`: the boxes that were drawn in it. Gives null before the first box, and why nothing more comes.
   * @throws RangeError for a box that is not in the picture
   */
  next(frame: LumaFrame, atMs: number, drawn: readonly Drawn[]): PictureOfSegment | FollowEnd | null {
    this.#end(atMs);
    if (this.#size !== null && (this.#size.width !== frame.size.width || this.#size.height !== frame.size.height)) return 'size';
    if (this.#tracks.size === 0 && drawn.length === 0) return this.#size === null || this.#waiting.size > 0 ? null : 'lost';
    this.#size = frame.size;
    const scale = frame.luma.width / frame.size.width;
    const boxes: FollowedPicture['boxes'] = [];
    const lost: string[] = [];
    for (const one of drawn) boxes.push(this.#draw(one, frame, scale));
    for (const [track, state] of this.#tracks) {
      if (drawn.some((one) => one.track === track)) continue;
      const { box, confidence, isLost } = state.follower.follow(frame.luma);
      if (!isLost) boxes.push({ track, box: scaled(box, 1 / scale), confidence, drawn: false });
      else lost.push(track);
      state.lostSinceMs = isLost ? (state.lostSinceMs ?? atMs) : null;
      if (state.lostSinceMs !== null && Math.abs(atMs - state.lostSinceMs) > LOST_FOR_MS) this.#tracks.delete(track);
    }
    const { frameIndex, ptsUs, size } = frame;
    return { kind: 'picture', atMs, frameIndex, ptsUs, width: size.width, height: size.height, boxes, lost };
  }

  #draw(one: Drawn, { luma, size }: LumaFrame, scale: number): FollowedPicture['boxes'][number] {
    const { track, box } = one;
    if (box.x + box.width <= 0 || box.y + box.height <= 0 || box.x >= size.width || box.y >= size.height) throw new RangeError(`boxes: expected one in the picture of ${size.width} x ${size.height} pixels, got ${box.x},${box.y} ${box.width} x ${box.height} of the track "${track}"`);
    this.#waiting.delete(one);
    this.#tracks.set(track, { follower: new BoxFollower(luma, scaled(box, scale)), lostSinceMs: null });
    return { track, box, confidence: 1, drawn: true };
  }

  /** A track that was drawn again behind its end goes on. */
  #end(atMs: number): void {
    const isBehind = (time: number): boolean => (this.wish.direction === 'forward' ? atMs >= time - HALF_MS : atMs <= time + HALF_MS);
    for (const end of this.wish.ends) {
      if (isBehind(end.atMs) && !this.wish.boxes.some((one) => one.track === end.track && isBehind(one.atMs) && (this.wish.direction === 'forward' ? one.atMs > end.atMs : one.atMs < end.atMs))) this.#tracks.delete(end.track);
    }
  }
}

/** Times of one picture differ by their rounding. */
const HALF_MS = 2;

const scaled = <Box extends { x: number; y: number; width: number; height: number }>({ x, y, width, height }: Box, by: number) => ({ x: x * by, y: y * by, width: width * by, height: height * by });
