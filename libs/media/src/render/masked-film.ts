import type { PointNormalized } from '@argus/contracts';
import { parameterSetsOf, splitAnnexB, unitType, writeFragmentHead, type FootagePiece, type FootagePlan } from '@argus/footage';
import { MediaError } from '../media-error.js';
import { NativeFrame } from '../native-frame.js';
import { H264Encoder, type EncodedPicture } from '../privacy/h264-encoder.js';
import { PrivacyPainter } from '../privacy/privacy-painter.js';
import { makeHead } from '../record/make-head.js';
import { PictureGroup } from '../record/picture-group.js';
import { LOCAL_FOOTAGE, type FilmFootage } from './film-footage.js';
import { picturesOf, type FilmPicture } from './film-pictures.js';
import { rateOf } from './render-film.js';

export interface MaskedFilmWish {
  readonly plan: FootagePlan;
  /** Left out: segments are files. */
  readonly footage?: FilmFootage;
  /** Polygons, fractions of the picture; one at least. */
  readonly areas: readonly (readonly PointNormalized[])[];
  /** Aborted: ends before the next picture, with the reason. */
  readonly signal: AbortSignal;
}

/** Bytes of a masked film, in their order. */
export interface MaskedFilmPart {
  readonly bytes: Buffer;
  /** Of the pictures, for `video/mp4; codecs="…"`. */
  readonly codecString: string;
}

/** A group of pictures is sent when it is whole: the first one soon, for somebody waits for it. */
const FIRST_GROUP_US = 200_000;
const GROUP_US = 1_000_000;

/**
 * A plan's film with areas covered in every picture, fragment by fragment as it is made: first its head, then the rest. What is below an area does not reach the encoder. Places in it are those of the
 * plan's own film. Throws MediaError.
 */
export async function* maskedFilm({ plan, footage = LOCAL_FOOTAGE, areas, signal }: MaskedFilmWish): AsyncGenerator<MaskedFilmPart, void, undefined> {
  const [first] = plan.pieces;
  if (first === undefined || areas.length === 0) throw new MediaError(`expected a plan with footage and areas to cover, got ${plan.pieces.length} pieces and ${areas.length} areas`);
  const { width, height } = first.segment;
  const encoder = new H264Encoder({ width, height }, rateOf(plan));
  const painter = new PrivacyPainter(areas);
  const fragments = new Fragments(encoder);
  let [baseUs, nextKeyUs] = [0, 0];
  try {
    for (const piece of plan.pieces) {
      const { fromMs, toMs } = wallOf(piece);
      for await (const picture of picturesOf(piece, fromMs, toMs, footage, signal)) {
        const ptsUs = Math.max(fragments.nextUs, baseUs + Math.round((picture.wallMs - fromMs) * 1000));
        const key = ptsUs >= nextKeyUs;
        if (key) nextKeyUs = ptsUs + (nextKeyUs === 0 ? FIRST_GROUP_US : GROUP_US);
        for (const encoded of await coverAndEncode(picture, painter, encoder, ptsUs, key)) yield* fragments.add(encoded);
      }
      baseUs += Math.round((toMs - fromMs) * 1000);
    }
    signal.throwIfAborted();
    yield* fragments.end(baseUs);
  } finally {
    fragments.free();
    painter.close();
    encoder.close();
  }
}

async function coverAndEncode({ frame }: FilmPicture, painter: PrivacyPainter, encoder: H264Encoder, ptsUs: number, key: boolean): Promise<EncodedPicture[]> {
  try {
    // The same picture with its place in the film; `frame` is who frees it.
    const covered = painter.paint(new NativeFrame(frame.native, ptsUs));
    try {
      return await encoder.encode(covered, key);
    } finally {
      covered.free();
    }
  } finally {
    frame.free();
  }
}

/** Wall time of a piece, as the plan reckons it. */
function wallOf({ segment, first, last }: FootagePiece): { readonly fromMs: number; readonly toMs: number } {
  const [from, to] = [segment.fragments[first], segment.fragments[last]];
  if (from === undefined || to === undefined) throw new MediaError(`expected fragments ${first} to ${last} in ${segment.path}, it has ${segment.fragments.length}`);
  return { fromMs: segment.startMs + from.startMs, toMs: segment.startMs + to.startMs + to.durationMs };
}

/** Groups of encoded pictures become fragments of an MP4. */
class Fragments {
  #group: PictureGroup | null = null;
  #sets: Uint8Array[] = [];
  #sequence = 0;
  #nextUs = 0;

  constructor(private readonly encoder: H264Encoder) {}

  /** No earlier picture can follow. */
  get nextUs(): number {
    return this.#nextUs;
  }

  async *add({ key, ptsUs, data }: EncodedPicture): AsyncGenerator<MaskedFilmPart, void, undefined> {
    const units = splitAnnexB(data);
    if (this.#group !== null && key) yield* this.end(ptsUs);
    if (this.#sets.length === 0) this.#sets = parameterSetsOf(units, 'h264').map((unit) => Uint8Array.from(unit));
    this.#group ??= new PictureGroup({ codec: 'h264', sets: this.#sets, size: this.encoder, key: null }, false, 0);
    this.#group.add(ptsUs, key, units.filter((unit) => PICTURE_UNITS.includes(unitType(unit, 'h264'))), false);
    this.#nextUs = ptsUs + 1;
  }

  async *end(endUs: number): AsyncGenerator<MaskedFilmPart, void, undefined> {
    const group = this.#group;
    if (group === null) throw new MediaError('no picture of the footage could be decoded');
    const { codecString } = this.encoder;
    if (codecString === null) throw new MediaError('expected a key frame from the encoder first, got another picture');
    if (this.#sequence === 0) yield { bytes: (await makeHead(group.plan)).bytes, codecString };
    this.#sequence += 1;
    group.endUs = endUs;
    const times = group.decodeTimes();
    const bytes = Buffer.concat([writeFragmentHead(group, times, this.#sequence, times[0] as number), ...group.parts()]);
    this.free();
    yield { bytes, codecString };
  }

  free(): void {
    this.#group?.free();
    this.#group = null;
  }
}

/** Slices alone: parameter sets stand in the head, and what else an encoder tells about itself nobody needs. */
const PICTURE_UNITS: readonly number[] = [1, 2, 3, 4, 5];
