import { chmod, mkdir, rename, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { AV_NOPTS_VALUE } from 'node-av/constants';
import { Dictionary, FormatContext, Rational, type Packet, type Stream } from 'node-av/lib';
import { DemuxedSource } from '../demuxed-source.js';
import { MediaError } from '../media-error.js';
import type { MediaPacket, MediaSource } from '../media-source.js';
import { NativePacket } from '../native-packet.js';
import { packetPool } from '../native-pool.js';
import { MICROSECONDS } from '../timeline.js';
import { indexFragments, type FragmentIndex } from './index-fragments.js';

/** What may wait for the storage: some seconds of a usual camera. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * One file of footage: fragmented MP4, a fragment a group of pictures. Packets are not copied, all writing is done in native threads, one
 * step after the other; `write` never waits. While it is written it is called `<path>.part`.
 */
export class FootageFile {
  readonly #context = new FormatContext();
  #stream: Stream | null = null;
  #tail: Promise<void>;
  #failed = false;
  #isOpen = false;
  #hasHead = false;
  #firstUs: number | null = null;
  #waitingBytes = 0;
  #waitsForKey = true;
  /** Bytes of packets that the storage took. */
  bytes = 0;

  /** `onFailure` is told once why nothing more can be written. */
  constructor(
    source: MediaSource,
    private readonly path: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    if (!(source instanceof DemuxedSource) || source.reorders) throw new MediaError('streams whose pictures are sent out of order (B-frames) cannot be recorded: switch B-frames off in the camera');
    this.#tail = this.#step(() => this.#begin(source));
  }

  /** Takes a reference. False: the storage is behind, and pictures are left out up to the next key frame. */
  write(packet: MediaPacket): boolean {
    this.#waitsForKey = (this.#waitsForKey && !packet.key) || this.#failed || this.#waitingBytes + packet.byteLength > MOST_WAITING_BYTES;
    if (this.#waitsForKey || !(packet instanceof NativePacket)) return false;
    const held = packetPool.take();
    held.ref(packet.native);
    this.#firstUs ??= packet.ptsUs;
    held.pts = held.dts = BigInt(packet.ptsUs - this.#firstUs);
    held.streamIndex = 0;
    const { byteLength } = packet;
    this.#waitingBytes += byteLength;
    this.#tail = this.#tail.then(() => this.#step(() => this.#put(held))).then(() => {
      this.#waitingBytes -= byteLength;
      if (!this.#failed) this.bytes += byteLength;
      packetPool.giveBack(held);
    });
    return true;
  }

  /** Closes it under its own name. null: no whole fragment is in it, it is gone. */
  async finish(): Promise<FragmentIndex | null> {
    await this.#tail;
    if (this.#isOpen) {
      // Without a head the native library has nothing to end, and crashes.
      if (this.#hasHead) await this.#context.writeTrailer();
      await this.#context.closeOutput();
    }
    this.#context.freeContext();
    return this.#isOpen ? settlePart(this.path) : null;
  }

  async #step(work: () => Promise<void>): Promise<void> {
    if (this.#failed) return;
    await work().catch((error: unknown) => {
      this.#failed = true;
      this.onFailure(error);
    });
  }

  async #begin(source: DemuxedSource): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const part = `${this.path}.part`;
    requireDone(this.#context.allocOutputContext2(null, 'mp4', part), part);
    const stream = (this.#stream = this.#context.newStream());
    source.parameters.copy(stream.codecpar);
    stream.codecpar.codecTag = 0;
    // An RTSP camera's header may not say the size; its pictures did.
    stream.codecpar.width = source.stream.width;
    stream.codecpar.height = source.stream.height;
    stream.timeBase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
    requireDone(await this.#context.openOutput(), part);
    this.#isOpen = true;
    await chmod(part, 0o600);
    const options = Dictionary.fromObject({ movflags: 'frag_keyframe+empty_moov+default_base_moof+skip_trailer', flush_packets: '1' });
    const code = await this.#context.writeHeader(options);
    options.free();
    requireDone(code, part);
    this.#hasHead = true;
  }

  async #put(packet: Packet): Promise<void> {
    if (this.#stream) packet.rescaleTs(MICROSECONDS, this.#stream.timeBase);
    if (packet.pts === AV_NOPTS_VALUE) return;
    requireDone(await this.#context.writeFrame(packet), this.path);
  }
}

/** Gives a `<path>.part` that nobody writes any more its name, cut after its last whole fragment. null: there is none, it is gone. */
export async function settlePart(path: string): Promise<FragmentIndex | null> {
  const part = `${path}.part`;
  const index = await indexFragments(part);
  if (index.fragments.length === 0) {
    await rm(part, { force: true });
    return null;
  }
  await truncate(part, index.end);
  await rename(part, path);
  return index;
}

function requireDone(code: number, path: string): void {
  if (code >= 0) return;
  // As the file system says it: the caller tells a full disk from a read-only one by the code.
  throw Object.assign(new Error(`${path} cannot be written (${code})`), { code: getSystemErrorName(code) });
}
