import { readSegmentHead, readSound, withSoundOf, type FootagePiece, type FootagePlan, type FragmentDescription, type SegmentHead } from '@argus/footage';
import type { GroupSound, SoundSample } from '../sound/sound-lane.js';
import type { FilmFootage } from './film-footage.js';

/** A stretch of wall time. */
export interface WallRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Numbers of tracks as the recorder gives them: another muxer's may not fit to those of a film. */
const SOUND_TRACK = 2;
/** Times of files are rounded. */
const ROUNDING_MS = 1;

/** The sound of footage on its way into a film whose pictures are encoded anew: as it was recorded, piece by piece. */
export class FilmSound {
  #samples: SoundSample[] = [];
  readonly #rate: number;

  private constructor(
    private readonly source: SegmentHead,
    private readonly footage: FilmFootage,
  ) {
    this.#rate = source.tracks.get(SOUND_TRACK)?.timescale ?? 1;
  }

  /** null: there is none. */
  static async of({ pieces: [first] }: FootagePlan, footage: FilmFootage): Promise<FilmSound | null> {
    if (first === undefined || !first.segment.hasAudio) return null;
    const file = await footage.open(first.segment.path);
    try {
      const head = await readSegmentHead(file);
      return head.soundTrack === SOUND_TRACK ? new FilmSound(head, footage) : null;
    } finally {
      await file.close();
    }
  }

  /** A head of pictures alone, with the sound. */
  addTo(head: Buffer): Buffer {
    return withSoundOf(head, this.source);
  }

  /** What is heard in a piece within the range, whose start is at `atUs` of the film. */
  async add({ segment, first, last }: Pick<FootagePiece, 'segment' | 'first' | 'last'>, { fromMs, toMs }: WallRange, atUs: number): Promise<void> {
    const fragments: readonly FragmentDescription[] = segment.fragments.slice(first, last + 1);
    const stepsOf = (us: number): number => Math.round((us * this.#rate) / 1_000_000);
    const [from, to] = [fromMs - ROUNDING_MS, toMs].map((wallMs) => stepsOf((wallMs - segment.startMs) * 1000)) as [number, number];
    // Steps since the segment's start become steps since the film's.
    const shift = stepsOf(atUs - (fromMs - segment.startMs) * 1000);
    const file = await this.footage.open(segment.path);
    try {
      for (const fragment of fragments) {
        for (const { at, duration, data } of await readSound(file, fragment, this.source)) if (at >= from && at < to) this.#samples.push({ at: Math.max(0, at + shift), duration, data });
      }
    } finally {
      await file.close();
    }
  }

  /** What begins before `endUs` of the film, and was not taken before. */
  take(endUs: number): GroupSound | null {
    const end = this.#samples.findIndex(({ at }) => (at * 1_000_000) / this.#rate >= endUs);
    const samples = this.#samples.splice(0, end < 0 ? this.#samples.length : end);
    return samples.length === 0 ? null : { anchorUs: 0, sampleRate: this.#rate, samples };
  }
}
