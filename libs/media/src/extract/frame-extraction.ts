import { setImmediate } from 'node:timers/promises';
import { AV_FRAME_FLAG_INTERLACED } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import { NativeFrame } from '../native-frame.js';
import { packetPool } from '../native-pool.js';
import { softwareFrame } from '../open-decoder.js';
import { cleanKeyTest, isOnePictureEach, type CodedPacket } from './coded-packet.js';
import { DamageLog } from './damage-log.js';
import { DisplayOrder, type DisplayRun } from './display-order.js';
import type { ExtractedFrame, Extraction, ExtractReport } from './extracted-frame.js';
import { FrameWriter, type FrameWriterOptions } from './frame-writer.js';
import { openVideoFile, type VideoFile } from './open-video-file.js';
import { PacketReader } from './packet-reader.js';
import type { PictureChoice } from './picture-choice.js';
import { VideoFileError } from './video-file-error.js';
import { PictureDecoder, type DecodedPicture } from './picture-decoder.js';

export interface ExtractionSettings extends FrameWriterOptions {
  readonly path: string;
  readonly choice: PictureChoice;
  readonly fromFrameIndex: number;
  readonly threads: number;
  readonly hardware: boolean;
  readonly signal: AbortSignal | null;
}

/** Everything that is open while a file is read. */
interface Opened {
  readonly file: VideoFile;
  readonly reader: PacketReader;
  readonly decoder: PictureDecoder;
  readonly writer: FrameWriter;
  readonly isCleanKey: (key: Packet) => boolean;
}

/** Others in this process wait no longer for their turn. */
const TURN_MS = 25;
/** Behind a gap that is longer than this a wanted time is jumped to; below, reading on is as quick. */
const JUMP_US = 60_000_000;
/** A decoder that has not given a picture after so many more packets never will. */
const MOST_AWAITED = 1000;

/**
 * One pass over a file. Packets are numbered as their pictures will be shown before anything is decoded (`DisplayOrder`), so that only what is wanted, and what it
 * refers to, is decoded: of each group nothing behind the last wanted picture, and before it what others may refer to. Where packets are not pictures one by one,
 * or have no times, everything is decoded and counted as it comes out.
 */
export class FrameExtraction implements Extraction {
  readonly #settings: ExtractionSettings;
  readonly #damage = new DamageLog();
  readonly #order = new DisplayOrder<CodedPacket>();
  /** Sent to the decoder, and not come out yet; wanted ones, or all where pictures are counted. */
  readonly #awaited = new Map<number, CodedPacket>();
  #opened: Opened | null = null;
  /** Time of the first picture in the file's own count. */
  #firstUs: number | null = null;
  #atUs = 0;
  #sentUs = 0;
  #given = 0;
  #missing = 0;
  #jumpedFor: number | null = null;
  /** Something was left out since the last key frame that was decoded. */
  #broken = false;
  #turnStartedMs = 0;

  constructor(settings: ExtractionSettings) {
    this.#settings = settings;
  }

  get report(): ExtractReport {
    const { count, stretches } = this.#damage;
    const { reader, decoder, file } = this.#opened ?? {};
    return {
      read: reader?.packets ?? 0,
      decoded: decoder?.pictures ?? 0,
      given: this.#given,
      missing: this.#missing,
      errors: count,
      stretches,
      decoder: decoder?.name ?? '',
      seconds: file?.seconds ?? null,
      atUs: this.#atUs,
    };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ExtractedFrame, void, undefined> {
    if (this.#opened !== null) throw new TypeError('an extraction can be iterated once');
    this.#settings.signal?.throwIfAborted();
    const file = await openVideoFile(this.#settings.path);
    const opened = (this.#opened = {
      file,
      reader: new PacketReader(file, (ptsUs) => this.#damage.add(ptsUs - (this.#firstUs ?? ptsUs))),
      decoder: new PictureDecoder(file, this.#settings, (ordinal) => this.#spoil(ordinal)),
      writer: new FrameWriter(this.#settings),
      isCleanKey: cleanKeyTest(file.stream),
    });
    this.#turnStartedMs = performance.now();
    try {
      yield* this.#settings.choice.keyFramesOnly || isOnePictureEach(file.stream) ? this.#byGroups(opened) : this.#counting(opened, []);
      if ((this.#firstUs === null && this.#settings.choice.nextUs !== Number.POSITIVE_INFINITY) || (opened.decoder.pictures === 0 && this.#missing > 0)) throw new VideoFileError(`No picture could be decoded from ${file.path}: the file is damaged or incomplete.`, { path: file.path });
    } finally {
      for (const picture of this.#order.restart()) giveBack(picture);
      opened.decoder.close();
      opened.writer.close();
      await file.context.closeInput();
    }
  }

  async *#byGroups(opened: Opened): AsyncGenerator<ExtractedFrame, void, undefined> {
    const { reader, decoder } = opened;
    const { choice } = this.#settings;
    while (choice.nextUs !== Number.POSITIVE_INFINITY) {
      if (this.#isTurnOver()) await this.#letOthersIn();
      const picture = reader.next();
      if (picture === null) break;
      const run = this.#order.add(picture);
      if (run === 'left' || (choice.keyFramesOnly && !picture.key)) giveBack(picture);
      if (reader.timeless && this.#firstUs === null && !choice.keyFramesOnly) return yield* this.#counting(opened, this.#order.restart());
      if (run !== 'left' && run !== null) yield* this.#takeRun(run, opened);
    }
    for (let run = this.#order.end(); run !== null && choice.nextUs !== Number.POSITIVE_INFINITY; run = this.#order.end()) yield* this.#takeRun(run, opened);
    yield* this.#give(decoder.drain(this.#awaits), opened);
    this.#missing += this.#awaited.size;
    this.#awaited.clear();
  }

  async *#takeRun(run: DisplayRun<CodedPacket>, opened: Opened): AsyncGenerator<ExtractedFrame, void, undefined> {
    this.#choose(run.shown);
    const last = this.#lastNeeded(run);
    for (const [at, picture] of run.coded.entries()) {
      if (at > last) giveBack(picture);
      else {
        const decoded = this.#decode(picture, opened);
        if (decoded.length > 0) yield* this.#give(decoded, opened);
        if (this.#isTurnOver()) await this.#letOthersIn();
      }
    }
    if (last < run.coded.length - 1) this.#broken = true;
    yield* this.#jumpAhead(opened);
  }

  #choose(shown: readonly CodedPacket[]): void {
    const { choice, fromFrameIndex } = this.#settings;
    this.#firstUs ??= shown[0]?.ptsUs ?? null;
    for (const picture of shown) {
      if (this.#jumpedFor !== null) picture.index = null;
      this.#atUs = picture.ptsUs - (this.#firstUs ?? 0);
      picture.wanted = choice.wants({ index: picture.index, ptsUs: this.#atUs, key: picture.key }) && (picture.index ?? fromFrameIndex) >= fromFrameIndex;
    }
  }

  /** Place in the run of the last picture that has to be decoded; -1: none. */
  #lastNeeded({ coded, leading, open }: DisplayRun<CodedPacket>): number {
    if (this.#settings.choice.keyFramesOnly) return coded[0]?.wanted ? 0 : -1;
    return open || leading.some(({ wanted }) => wanted) ? coded.length - 1 : coded.findLastIndex(({ wanted }) => wanted);
  }

  #decode(picture: CodedPacket, { decoder, isCleanKey }: Opened): readonly DecodedPicture[] {
    const { packet, ordinal, key, wanted } = picture;
    if (packet === null) return [];
    let before: readonly DecodedPicture[] = [];
    if (key) {
      if (this.#broken && !isCleanKey(packet)) before = decoder.drain(this.#awaits);
      this.#broken = false;
      this.#damage.keyFrame(ordinal);
    }
    this.#sentUs = picture.ptsUs;
    if (picture.corrupt) this.#spoil(ordinal);
    if (wanted) this.#awaited.set(ordinal, picture);
    const decoded = decoder.decode(packet, ordinal, !wanted && !key, this.#awaits);
    giveBack(picture);
    return before.length > 0 ? [...before, ...decoded] : decoded;
  }

  readonly #awaits = (ordinal: number): boolean => this.#awaited.has(ordinal);

  *#give(decoded: readonly DecodedPicture[], opened: Opened): Generator<ExtractedFrame, void, undefined> {
    for (const one of decoded) {
      const picture = this.#awaited.get(one.ordinal) as CodedPacket;
      this.#awaited.delete(one.ordinal);
      yield this.#make(one, picture, picture.index, picture.ptsUs - (this.#firstUs ?? 0), opened);
    }
  }

  #make({ frame, damaged, ordinal }: DecodedPicture, { key }: CodedPacket, frameIndex: number | null, ptsUs: number, { writer }: Opened): ExtractedFrame {
    const native = new NativeFrame(softwareFrame(frame), ptsUs);
    // The native scaler refuses to make whole pictures of fields; these stay woven as they are.
    native.native.clearFlags(AV_FRAME_FLAG_INTERLACED);
    try {
      const written = writer.write(native);
      this.#given += 1;
      return { frameIndex, ptsUs, keyframe: key, damaged: damaged || this.#damage.isSpoiled(ordinal), ...written };
    } finally {
      native.free();
    }
  }

  /** Leaves out what lies between here and the next wanted time, where that is far. */
  async *#jumpAhead(opened: Opened): AsyncGenerator<ExtractedFrame, void, undefined> {
    const { nextUs } = this.#settings.choice;
    if (nextUs === Number.POSITIVE_INFINITY || nextUs - this.#atUs < JUMP_US || nextUs === this.#jumpedFor) return;
    if (!opened.reader.jump(nextUs + (this.#firstUs ?? 0))) return;
    yield* this.#give(opened.decoder.drain(this.#awaits), opened);
    for (const picture of this.#order.restart()) giveBack(picture);
    this.#jumpedFor = nextUs;
    this.#broken = true;
  }

  /** Every picture is decoded, and its number is its place among them. `held`: what was read already. */
  async *#counting(opened: Opened, held: readonly CodedPacket[]): AsyncGenerator<ExtractedFrame, void, undefined> {
    const { reader, decoder } = opened;
    const { choice, fromFrameIndex } = this.#settings;
    const every = (): boolean => true;
    let index = 0;
    const waiting = [...held];
    for (let ended = false; !ended && choice.nextUs !== Number.POSITIVE_INFINITY; ) {
      if (this.#isTurnOver()) await this.#letOthersIn();
      const picture = waiting.shift() ?? reader.next();
      ended = picture === null;
      if (picture !== null) this.#await(picture);
      const decoded = picture?.packet ? decoder.decode(picture.packet, picture.ordinal, false, every) : decoder.drain(every);
      if (picture !== null) giveBack(picture);
      for (const one of decoded) {
        const from = this.#awaited.get(one.ordinal);
        this.#awaited.delete(one.ordinal);
        const ptsUs = this.#timeOf(from, index, reader);
        if (from !== undefined && choice.wants({ index, ptsUs, key: from.key }) && index >= fromFrameIndex) yield this.#make(one, from, index, ptsUs, opened);
        else new NativeFrame(one.frame, ptsUs).free();
        index += 1;
      }
    }
  }

  #await(picture: CodedPacket): void {
    if (picture.key) this.#damage.keyFrame(picture.ordinal);
    this.#sentUs = picture.ptsUs;
    this.#awaited.set(picture.ordinal, picture);
    const [oldest] = this.#awaited.keys();
    if (oldest !== undefined && this.#awaited.size > MOST_AWAITED) this.#awaited.delete(oldest);
  }

  /** Packets without times: pictures are evenly spaced. */
  #timeOf(from: CodedPacket | undefined, index: number, { timeless, stepUs }: PacketReader): number {
    this.#firstUs ??= from?.ptsUs ?? 0;
    this.#atUs = timeless || from === undefined ? Math.round(index * stepUs) : Math.max(this.#atUs, from.ptsUs - this.#firstUs);
    return this.#atUs;
  }

  #spoil(ordinal: number): void {
    this.#damage.add(this.#sentUs - (this.#firstUs ?? this.#sentUs));
    this.#damage.spoil(ordinal);
  }

  #isTurnOver(): boolean {
    return performance.now() - this.#turnStartedMs >= TURN_MS;
  }

  async #letOthersIn(): Promise<void> {
    await setImmediate();
    this.#settings.signal?.throwIfAborted();
    this.#turnStartedMs = performance.now();
  }
}

function giveBack(picture: CodedPacket): void {
  if (picture.packet !== null) packetPool.giveBack(picture.packet);
  picture.packet = null;
}
