/** What is known of an encoded picture when it is read. */
export interface CodedPicture {
  readonly ptsUs: number;
  readonly key: boolean;
  /** The file wants it decoded, but not shown: it lies before a cut. */
  readonly hidden: boolean;
  /** Its number among those that are shown; null until it is known, HIDDEN where it has none. */
  index: number | null;
}

export const HIDDEN = -1;

/** A run of pictures in the order in which they are decoded, whose numbers are all known. */
export interface DisplayRun<P extends CodedPicture> {
  /** Begins with a key frame, but where the run before was cut for its length. */
  readonly coded: readonly P[];
  /** What has just been numbered, in the order in which it is shown; `leading` is in it too. */
  readonly shown: readonly P[];
  /** Belongs to the next run, but is shown before its key frame and may refer to this run. */
  readonly leading: readonly P[];
  /** The group goes on in the next run, which needs this one. */
  readonly open: boolean;
}

/** No codec in use moves a picture by more places than this between decoding and showing. */
const REORDER = 32;
/** A group that is longer is cut: nobody waits for minutes of pictures to be numbered. */
const LONGEST = 600;

/**
 * Numbers pictures as they are shown while they come as they are decoded, without decoding them. What a decoder cannot show has no number: what comes before
 * the first key frame, and what leads it.
 */
export class DisplayOrder<P extends CodedPicture> {
  #group: P[] = [];
  /** The next group's key frame and the pictures that lead it. */
  #next: P[] = [];
  #index = 0;
  /** Time of the first key frame until its group is complete. */
  #firstKeyUs: number | null = null;

  /** A picture that the file shows; the run that it completes, or null. `left`: no decoder could show it. */
  add(picture: P): DisplayRun<P> | null | 'left' {
    if (this.#group.length === 0) {
      if (!picture.key) return 'left';
      this.#group.push(picture);
      this.#firstKeyUs = picture.ptsUs;
      return null;
    }
    const [nextKey] = this.#next;
    if (nextKey === undefined) {
      if (picture.key) this.#next.push(picture);
      else if (this.#firstKeyUs !== null && picture.ptsUs < this.#firstKeyUs) return 'left';
      else this.#group.push(picture);
      return this.#group.length > LONGEST ? this.#cut() : null;
    }
    if (!picture.key && picture.ptsUs < nextKey.ptsUs) {
      this.#next.push(picture);
      return null;
    }
    const run = this.#close();
    if (picture.key) this.#next.push(picture);
    else this.#group.push(picture);
    return run;
  }

  /** What is left at the end of the file; null: nothing. To be called until it gives null. */
  end(): DisplayRun<P> | null {
    return this.#group.length === 0 ? null : this.#close();
  }

  /** Behind a jump: numbers go on, but count something else; the caller does not use them. Gives what was held. */
  restart(): readonly P[] {
    const held = [...this.#group, ...this.#next];
    this.#group = [];
    this.#next = [];
    this.#firstKeyUs = null;
    return held;
  }

  #close(): DisplayRun<P> {
    const leading = this.#next.slice(1);
    const coded = this.#group;
    const shown = this.#number([...coded.filter(({ index }) => index === null), ...leading]);
    this.#group = this.#next;
    this.#next = [];
    this.#firstKeyUs = null;
    return { coded, shown, leading, open: false };
  }

  /** What comes first in both orders and far enough from the end that nothing can come before it. */
  #cut(): DisplayRun<P> | null {
    const unknown = this.#group.filter(({ index }) => index === null).sort(byTime);
    const shown = this.#number(unknown.slice(0, -REORDER));
    const end = this.#group.findIndex(({ index }) => index === null);
    const coded = this.#group.splice(0, end < 0 ? this.#group.length : end);
    return { coded, shown, leading: [], open: true };
  }

  #number(pictures: P[]): P[] {
    for (const picture of pictures.sort(byTime)) {
      picture.index = picture.hidden ? HIDDEN : this.#index;
      if (!picture.hidden) this.#index += 1;
    }
    return pictures.filter(({ hidden }) => !hidden);
  }
}

const byTime = (a: CodedPicture, b: CodedPicture): number => a.ptsUs - b.ptsUs;
