import { MediaError } from '../media-error.js';

/** Which pictures of a file. */
export type FrameChoice =
  /** Pictures 0, n, 2n … as they are shown. */
  | { readonly kind: 'frames'; readonly every: number }
  /** The first picture at or after 0, t, 2t … seconds. */
  | { readonly kind: 'seconds'; readonly every: number }
  /** The first picture of each group; nothing else is decoded. At most one in `every` seconds. */
  | { readonly kind: 'keyframes'; readonly every?: number }
  /** For each media time, ascending: the first picture at or after it. */
  | { readonly kind: 'times'; readonly ptsUs: readonly number[] };

/** A picture's place in its file. */
export interface PicturePlace {
  /** In the order in which pictures are shown, from 0; null: somewhere behind a jump. */
  readonly index: number | null;
  /** Media time, 0 for the first picture. */
  readonly ptsUs: number;
  readonly key: boolean;
}

/** Asked for every picture once, in the order in which they are shown. */
export interface PictureChoice {
  readonly keyFramesOnly: boolean;
  /** Nothing before this media time is wanted; Infinity: nothing more at all. */
  readonly nextUs: number;
  wants(place: PicturePlace): boolean;
}

/** Times of files are rounded: a picture half a millisecond early counts as on time. */
const ROUNDING_US = 500;

/** Throws MediaError where the choice makes no sense. */
export function pictureChoice(choice: FrameChoice): PictureChoice {
  switch (choice.kind) {
    case 'frames':
      if (!Number.isInteger(choice.every) || choice.every < 1) throw new MediaError(`expected a whole number of pictures from 1 on, got ${choice.every}`);
      return { keyFramesOnly: false, nextUs: 0, wants: ({ index }) => index !== null && index % choice.every === 0 };
    case 'seconds':
      if (!(choice.every > 0)) throw new MediaError(`expected seconds above 0, got ${choice.every}`);
      return spaced(choice.every, false);
    case 'keyframes':
      if (!((choice.every ?? 0) >= 0)) throw new MediaError(`expected seconds from 0 on, got ${choice.every}`);
      return spaced(choice.every ?? 0, true);
    case 'times':
      return new WantedTimes(choice.ptsUs);
  }
}

/** One picture in each step of time: the first that falls into it. */
function spaced(seconds: number, keyFramesOnly: boolean): PictureChoice {
  const stepUs = seconds * 1_000_000;
  let step = -1;
  return {
    keyFramesOnly,
    nextUs: 0,
    wants({ ptsUs, key }) {
      if (keyFramesOnly && !key) return false;
      if (stepUs === 0) return true;
      const now = Math.floor((ptsUs + ROUNDING_US) / stepUs);
      if (now <= step) return false;
      step = now;
      return true;
    },
  };
}

class WantedTimes implements PictureChoice {
  readonly keyFramesOnly = false;
  readonly #times: readonly number[];
  #at = 0;

  constructor(times: readonly number[]) {
    const wrong = times.findIndex((time, index) => !Number.isFinite(time) || (index > 0 && time < (times[index - 1] as number)));
    if (wrong >= 0) throw new MediaError(`expected media times that ascend, got ${times[wrong]} at place ${wrong}`);
    this.#times = times;
  }

  get nextUs(): number {
    return this.#times[this.#at] ?? Number.POSITIVE_INFINITY;
  }

  /** A picture that stands for several wanted times comes once. */
  wants({ ptsUs }: PicturePlace): boolean {
    const before = this.#at;
    while (this.#at < this.#times.length && (this.#times[this.#at] as number) <= ptsUs + ROUNDING_US) this.#at += 1;
    return this.#at > before;
  }
}
