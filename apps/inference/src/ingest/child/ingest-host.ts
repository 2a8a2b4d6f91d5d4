import type { CameraId } from '@argus/contracts';
import { LoopDelay, processUsage, type Logger } from '@argus/kernel';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { FromChild, SourceRef, ToChild } from '../messages.js';
import { CameraSource } from './camera-source.js';
import { DecodeTurns } from './decode-turns.js';

/** Bytes of live packets on the channel to main above which further packets are dropped: main is stuck or very busy. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** No picture takes so long to decode. */
const HUNG_AFTER_MS = 2000;

/** The cameras of one ingest child, and the commands of main for them. */
export class IngestHost {
  readonly #sources = new Map<CameraId, { readonly ref: SourceRef; readonly source: CameraSource }>();
  readonly #turns = new DecodeTurns();
  readonly #loopDelay = new LoopDelay();
  #unsentBytes = 0;
  #hungLooks = 0;
  #troubles = 0;

  constructor(
    private readonly ring: PixelRing,
    private readonly send: (message: FromChild, done?: () => void) => void,
    private readonly log: Logger,
  ) {}

  handle(message: ToChild): void {
    if (message.type === 'done') return this.#done(message);
    if (message.type === 'crops') return this.#crop(message);
    if (message.type === 'start') return this.#start(message);
    if (message.type === 'end') return void this.#end();
    const source = this.#find(message);
    switch (message.type) {
      case 'stop':
        source?.stop();
        if (source) this.#sources.delete(message.cameraId);
        return;
      case 'sample':
        return source?.configure(message.sampling);
      case 'watch':
        return source?.watch(message.watched);
      case 'mask':
        return source?.mask(message.masks);
      case 'record':
        return source?.record(message.order);
      case 'event':
        return source?.event(message.isOpen);
      case 'jpeg':
        return this.send({ type: 'jpeg', request: message.request, data: source?.sampler.jpeg(message) ?? null });
    }
  }

  /** Called twice a second. */
  checkStalls(nowMs: number): void {
    // A native thread that does not come back holds up all cameras here and cannot be called off: the process is replaced; whose packet it was is in the
    // ring. Two looks, because after this process was held up itself the answer may be here already, unread.
    this.#hungLooks = this.#turns.heldMs > HUNG_AFTER_MS ? this.#hungLooks + 1 : 0;
    if (this.#hungLooks > 1) process.kill(process.pid, 'SIGKILL');
    for (const { source } of this.#sources.values()) source.checkStall(nowMs);
  }

  /** Counters of all cameras; that it is sent at all says that this process is not wedged. */
  beat(): void {
    this.send({ type: 'beat', loopDelayMsP99: this.#loopDelay.p99Ms, usage: processUsage(), counters: [...this.#sources.values()].map(({ ref, source }) => ({ ...ref, counters: source.counters })) });
  }

  #done({ slots, frames }: Extract<ToChild, { type: 'done' }>): void {
    for (const slot of slots) this.ring.giveBack(slot);
    for (const ref of frames) this.#find(ref)?.sampler.release(ref.frame);
  }

  #crop({ request, orders }: Extract<ToChild, { type: 'crops' }>): void {
    this.send({ type: 'cropped', request, cuts: orders.map((order) => this.#find(order)?.sampler.crop(order.frame, order.box, order.target) ?? null) });
  }

  #start(message: Extract<ToChild, { type: 'start' }>): void {
    const { cameraId, run } = message;
    const ref = { cameraId, run };
    this.#sources.get(cameraId)?.source.stop();
    const source = new CameraSource({
      source: ref,
      url: message.url,
      mainUrl: message.mainUrl,
      fileRoots: message.fileRoots,
      hardware: message.hardware,
      sampling: message.sampling,
      watched: message.watched,
      record: message.record,
      sound: message.sound,
      eventOpen: message.eventOpen,
      masks: message.masks,
      ring: this.ring,
      turns: this.#turns,
      blameNumber: run,
      report: (stream, report) => this.send({ type: 'report', ...ref, stream, report }),
      trouble: (what, error) => this.#trouble(what, cameraId, error),
      offer: (frame) => this.send({ type: 'frame', frame }),
      packet: (stream, key, data, masks) => this.#sendPacket({ type: 'packet', cameraId, stream, key, data, masks }),
      shown: (stream, shown) => this.send({ type: 'shown', cameraId, stream, shown }),
      segment: (segment, media) => this.send({ type: 'segment', segment, run, media }),
    });
    this.#sources.set(cameraId, { ref, source });
    void source.run();
  }

  /** What was recorded is finished and told before the process goes. */
  async #end(): Promise<void> {
    const sources = [...this.#sources.values()].map(({ source }) => source);
    for (const source of sources) source.stop();
    await Promise.allSettled(sources.map((source) => source.settled()));
    this.send({ type: 'ended' }, () => process.disconnect());
  }

  #sendPacket(packet: Extract<FromChild, { type: 'packet' }>): boolean {
    if (this.#unsentBytes > MAX_UNSENT_BYTES) return false;
    this.#unsentBytes += packet.data.byteLength;
    this.send(packet, () => {
      this.#unsentBytes -= packet.data.byteLength;
    });
    return true;
  }

  /** Once for the first and then every thousandth: what fails natively fails at every picture. */
  #trouble(what: string, cameraId: CameraId, error: unknown): void {
    this.#troubles += 1;
    if (this.#troubles % 1000 === 1) this.log.error(what, { cameraId, error, times: this.#troubles });
  }

  #find({ cameraId, run }: SourceRef): CameraSource | undefined {
    const found = this.#sources.get(cameraId);
    return found?.ref.run === run ? found.source : undefined;
  }
}
