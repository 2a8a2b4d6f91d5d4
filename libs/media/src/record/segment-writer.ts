import type { StreamCodec } from '@argus/contracts';
import { FootageDiskError, parameterSetsOf, splitUnits, unitType, type SegmentDescription, type SegmentHead } from '@argus/footage';
import type { ArgusError } from '@argus/kernel';
import { DemuxedSource } from '../demuxed-source.js';
import { MediaError } from '../media-error.js';
import type { MediaPacket, MediaSource } from '../media-source.js';
import { NativePacket } from '../native-packet.js';
import { makeLane } from '../sound/make-lane.js';
import type { SoundLane } from '../sound/sound-lane.js';
import type { SoundStream } from '../sound/sound-stream.js';
import type { SoundPacket } from '../sound/sound-packet.js';
import { JUMP_US, REORDER_US } from '../timeline.js';
import { makeHead, type HeadPlan } from './make-head.js';
import { PictureGroup } from './picture-group.js';
import { SegmentFile } from './segment-file.js';

/** A file is small enough to be kept or deleted by itself, and large enough that a camera makes 8640 a day and no more. */
const SEGMENT_US = 10_000_000;
/** Where every picture is a key frame (motion JPEG), a fragment for each would be more index than footage. */
const KEYS_TOGETHER_US = 1_000_000;
/** The open group and those that wait for the disk: a group of half a minute at 8 Mb/s, or 64 s of a disk that stands still at 4 Mb/s. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Two minutes at 25 pictures a second, for cameras whose pictures weigh nothing. */
const MOST_PACKETS = 3000;
/** A full disk is asked again at the first key frame after so much media time. */
const RETRY_US = 5_000_000;
/** Sound mostly comes a little after its picture. What comes later than this is silence. */
const PATIENCE_US = 1_000_000;

/** Media time of a segment: what else is known by media time belongs to it by this. */
export interface SegmentMedia {
  readonly startUs: number;
  readonly endUs: number;
}

export interface SegmentWriterOptions {
  /** Of openSource; its packets are written. */
  readonly source: MediaSource;
  /**
   * Must be there: a folder made anew in the place of a disk that is not mounted would fill another one. A function is asked once a
   * segment; what it throws counts as the disk's.
   */
  readonly folder: string | ((startMs: number) => Promise<string>);
  /** The sound of the source is written, where it has any; left out: it is not. */
  readonly sound?: boolean;
  /** Goes into the descriptions. */
  readonly connection: string;
  /** Wall time of media time 0, or of any media time; then asked once a segment, when its first key frame is appended. */
  readonly wallMs: number | ((ptsUs: number) => number);
  /** A file was closed. Callbacks must not throw. */
  readonly onSegment: (segment: SegmentDescription, media: SegmentMedia) => void;
  /** Writing failed and the open segment has ended; until a later key frame everything is lost. Told at each try. `context.reason`: ENOSPC, EROFS, EIO… */
  readonly onFailure: (error: ArgusError) => void;
  /** The sound could not be encoded: from here on there is none. */
  readonly onDeaf?: (error: unknown) => void;
  /** After a failure a fragment was written again. */
  readonly onResume: () => void;
}

/**
 * Writes the packets of one connection as they are into files of about ten seconds. Packets are copied, so they stay the caller's; the
 * disk is used behind, one group of pictures after the other, and never waited for.
 */
export class SegmentWriter {
  /** packets = written + lost + those on their way. What comes before the first key frame is lost, too. */
  readonly counts = { packets: 0, writtenPackets: 0, lostPackets: 0, writtenBytes: 0 };
  readonly #options: SegmentWriterOptions;
  readonly #source: DemuxedSource;
  readonly #codec: StreamCodec;
  /** Bytes of the length before each unit; 0: start codes. */
  readonly #lengthSize: number;
  #group: PictureGroup | null = null;
  /** Whole, but for the sound that may still come. */
  readonly #ended: PictureGroup[] = [];
  readonly #waiting: PictureGroup[] = [];
  #waitingBytes = 0;
  #waitingPackets = 0;
  #writing: Promise<void> | null = null;
  #sets: readonly Uint8Array[] = [];
  /** The parameter sets are those that the source was opened with, and so is the size. */
  #asOpened = true;
  #latestUs = -1;
  #lastWasKey = false;
  #segmentUs: number | null = null;
  #wallOffsetMs = 0;
  #file: SegmentFile | null = null;
  #plan: HeadPlan | null = null;
  #head: { readonly plan: HeadPlan; readonly made: SegmentHead } | null = null;
  #failed: { readonly atUs: number; readonly plan: HeadPlan } | null = null;
  #lane: SoundLane | null = null;
  #isDeaf: boolean;
  /** The sound has stopped coming: nothing waits for it any more. */
  #isQuiet = false;
  #closed = false;

  /** Throws MediaError when the source is not of openSource. */
  constructor(options: SegmentWriterOptions) {
    if (!(options.source instanceof DemuxedSource)) throw new MediaError('expected a source made by openSource');
    this.#options = options;
    this.#isDeaf = options.sound !== true;
    this.#source = options.source;
    this.#codec = options.source.stream.codec;
    this.#lengthSize = options.source.parameterSets.lengthSize;
    if (this.#codec !== 'mjpeg') this.#sets = parameterSetsOf(options.source.parameterSets.units, this.#codec);
  }

  /** Returns at once and never throws for what the disk does. The packet still belongs to the caller. */
  append(packet: MediaPacket): void {
    if (this.#closed) throw new MediaError('expected an open segment writer, this one was closed');
    if (!(packet instanceof NativePacket)) throw new MediaError('expected a packet made by openSource');
    this.counts.packets += 1;
    if (this.#jumps(packet)) this.#endSegment(true);
    this.#hear(packet.sound);
    if (packet.key && !this.#joins(packet)) this.#beginGroup(packet);
    this.#lastWasKey = packet.key;
    const { data } = packet.native;
    if (this.#group === null || data === null || !this.#fits(packet.byteLength)) {
      this.counts.lostPackets += 1;
      this.#endSegment();
      return;
    }
    this.#latestUs = Math.max(this.#latestUs, packet.ptsUs);
    this.#group.add(packet.ptsUs, packet.key, this.#isAsInFile ? [data] : splitUnits(data, this.#lengthSize), this.#isAsInFile);
  }

  /** The next key frame begins a new segment: media time and wall time have come apart. */
  startAnew(): void {
    this.#segmentUs = null;
  }

  /** Writes what is there and closes the file. Never throws; waits for the disk, however long that takes. */
  async close(): Promise<void> {
    if (!this.#closed) this.#endSegment();
    this.#closed = true;
    this.#lane?.close();
    this.#lane = null;
    await this.#writing;
    await this.#finish();
  }

  /** Lengths of four bytes before units, or a whole JPEG. */
  get #isAsInFile(): boolean {
    return this.#lengthSize === 4 || this.#codec === 'mjpeg';
  }

  /** B-frames go back a little, but no key frame goes behind what came before it. */
  #jumps({ ptsUs, key }: MediaPacket): boolean {
    if (this.#group === null) return false;
    const backUs = this.#source.reorders && !key ? REORDER_US : 0;
    return ptsUs > this.#latestUs + JUMP_US || ptsUs < this.#latestUs - backUs;
  }

  /** A key frame right behind another one, within a second: both lie in one fragment. */
  #joins(packet: MediaPacket): boolean {
    const firstUs = this.#group?.ptsUs[0];
    return this.#lastWasKey && firstUs !== undefined && packet.ptsUs - firstUs < KEYS_TOGETHER_US;
  }

  #fits(bytes: number): boolean {
    const { bytes: openBytes, packets: openPackets } = this.#group ?? { bytes: 0, packets: 0 };
    return this.#waitingBytes + openBytes + bytes <= MOST_BYTES && this.#waitingPackets + openPackets < MOST_PACKETS;
  }

  #beginGroup(packet: NativePacket): void {
    this.#endGroup(packet.ptsUs);
    const hasNewSets = this.#takeSets(packet);
    const changed = hasNewSets || (this.#plan !== null && this.#plan.sound !== (this.#lane?.format ?? null));
    const goesOn = this.#segmentUs !== null && !changed && packet.ptsUs - this.#segmentUs < SEGMENT_US;
    if (!goesOn) {
      const { wallMs } = this.#options;
      this.#segmentUs = packet.ptsUs;
      this.#wallOffsetMs = typeof wallMs === 'number' ? wallMs : wallMs(packet.ptsUs) - packet.ptsUs / 1000;
    }
    if (this.#plan === null || changed) this.#plan = this.#planHead(packet);
    this.#group = new PictureGroup(this.#plan, !goesOn, this.#wallOffsetMs);
    this.#latestUs = packet.ptsUs;
  }

  /** Whether the key frame brings other parameter sets than those that are known; they are then taken. */
  #takeSets(packet: NativePacket): boolean {
    const codec = this.#codec;
    if (codec === 'mjpeg') return false;
    const found = parameterSetsOf(splitUnits(packet.native.data ?? new Uint8Array(0), this.#lengthSize), codec);
    if (found.every((unit) => this.#sets.some((set) => Buffer.compare(set, unit) === 0))) return false;
    const types = new Set(found.map((unit) => unitType(unit, codec)));
    this.#sets = [...this.#sets.filter((set) => !types.has(unitType(set, codec))), ...found.map((unit) => Uint8Array.from(unit))];
    this.#asOpened = false;
    return true;
  }

  #planHead(packet: NativePacket): HeadPlan {
    const { width, height } = this.#source.stream;
    return { codec: this.#codec, sound: this.#lane?.format ?? null, sets: this.#sets, size: this.#asOpened ? { width, height } : null, key: this.#asOpened ? null : packet.toAnnexB() };
  }

  /** The group is whole. `endUs`: when the next picture is due. */
  #endGroup(endUs: number | null): void {
    const group = this.#group;
    this.#group = null;
    if (group === null || group.packets === 0) return;
    group.endUs = endUs;
    this.#ended.push(group);
    this.#waitingBytes += group.bytes;
    this.#waitingPackets += group.packets;
    this.#release(false);
  }

  /** What follows does not follow on: it begins a new file, at a key frame. */
  #endSegment(hasJumped = false): void {
    this.#endGroup(null);
    this.#release(true);
    this.#segmentUs = null;
    if (!hasJumped) return;
    // Its time is another one, too.
    this.#lane?.close();
    this.#lane = null;
  }

  /** Sound belongs to the group that lies at its time. Whatever it is, the pictures do not suffer. */
  #hear(packets: readonly SoundPacket[]): void {
    if (this.#isDeaf) return;
    try {
      const { sound } = this.#source;
      if (this.#lane === null && sound !== null) this.#open(sound);
      for (const packet of packets) this.#lane?.take(packet);
      if (packets.length > 0) this.#isQuiet = false;
    } catch (error) {
      this.#goDeaf(error);
    }
    this.#release(false);
  }

  #open(sound: SoundStream): void {
    this.#lane = makeLane(sound);
    const { format } = this.#lane;
    const group = this.#group;
    // Some streams say what their sound is with its first packet: the file whose first group is still open can have it, too.
    if (group === null || !group.startsSegment || this.#plan === null || this.#plan.sound === format) return;
    this.#plan = group.plan = { ...this.#plan, sound: format };
  }

  #goDeaf(error: unknown): void {
    this.#isDeaf = true;
    this.#lane?.close();
    this.#lane = null;
    this.#options.onDeaf?.(error);
  }

  /** Sends groups on to the disk whose sound is there; all of them where they must not wait for it. */
  #release(all: boolean): void {
    for (let group = this.#ended[0]; group !== undefined && (this.#giveSound(group, all) || all); group = this.#ended[0]) {
      this.#ended.shift();
      this.#waiting.push(group);
      this.#writing ??= this.#writeWaiting();
    }
  }

  /** False: some of it may still come. */
  #giveSound(group: PictureGroup, isLast: boolean): boolean {
    const lane = this.#lane;
    // A group whose head says nothing of sound has none.
    if (lane === null || group.plan.sound !== lane.format) return true;
    const times = group.decodeTimes();
    const [fromUs, toUs] = [times[0] as number, times.at(-1) as number];
    const isBehind = lane.reachedUs < toUs;
    if (isBehind && !isLast && !this.#isQuiet && this.#latestUs < toUs + PATIENCE_US) return false;
    this.#isQuiet ||= isBehind && !isLast;
    try {
      if (isBehind) lane.fill(fromUs, toUs);
      group.sound = lane.drain(fromUs, toUs);
    } catch (error) {
      this.#goDeaf(error);
    }
    return true;
  }

  async #writeWaiting(): Promise<void> {
    for (let group = this.#waiting[0]; group !== undefined; group = this.#waiting[0]) {
      const written = await this.#write(group);
      this.counts[written ? 'writtenPackets' : 'lostPackets'] += group.packets;
      if (written) this.counts.writtenBytes += group.bytes + group.soundBytes;
      this.#waiting.shift();
      this.#waitingBytes -= group.bytes;
      this.#waitingPackets -= group.packets;
      group.free();
    }
    this.#writing = null;
  }

  /** Whether the group is in a file. */
  async #write(group: PictureGroup): Promise<boolean> {
    const startUs = group.ptsUs[0] as number;
    // Damaged parameter sets fail too, and do so until the camera sends others.
    if (this.#failed !== null && this.#failed.plan === group.plan && Math.abs(startUs - this.#failed.atUs) < RETRY_US) return false;
    try {
      if (group.startsSegment) await this.#finish();
      const times = group.decodeTimes();
      this.#file ??= await this.#create(group, times[0] as number);
      await this.#file.append(group, times);
    } catch (error) {
      this.#failed = { atUs: startUs, plan: group.plan };
      await this.#finish();
      this.#options.onFailure(this.#diskError('written', error));
      return false;
    }
    if (this.#failed !== null) this.#options.onResume();
    this.#failed = null;
    return true;
  }

  async #create({ plan, wallOffsetMs }: PictureGroup, baseUs: number): Promise<SegmentFile> {
    const { folder, connection } = this.#options;
    if (this.#head?.plan !== plan) this.#head = { plan, made: await makeHead(plan) };
    const startMs = Math.round(wallOffsetMs + baseUs / 1000);
    if (!(startMs >= 0)) throw new MediaError(`expected a wall time after 1970 for media time ${baseUs} us, got ${startMs}`);
    return SegmentFile.create(typeof folder === 'string' ? folder : await folder(startMs), startMs, baseUs, this.#head.made, connection);
  }

  async #finish(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      const segment = (await file?.finish()) ?? null;
      if (file !== null && segment !== null) this.#options.onSegment(segment, { startUs: file.baseUs, endUs: file.endUs });
    } catch (error) {
      this.#options.onFailure(this.#diskError('closed', error));
    }
  }
  #diskError(what: 'written' | 'closed', error: unknown): ArgusError {
    const { folder } = this.#options;
    return FootageDiskError.of(typeof folder === 'string' ? folder : 'footage', what, error);
  }
}
