import type { CameraState, CameraStream, LiveMessage, LivePacket } from '@argus/contracts';
import { LiveLink } from './live-link.js';
import { fitFrame, paintObjects, paintPicture, readPaintStyle, type PaintStyle } from './overlay-painter.js';
import { OverlayDelay, SHORTEST_MS } from './overlay-delay.js';
import { OverlayTimeline, type ShownObject } from './overlay-timeline.js';
import { PacketQueue } from './packet-queue.js';
import type { PictureRenderer, RenderMode } from './picture-renderer.js';
import { chooseRenderer } from './renderer-choice.js';
import { onEachFrame } from './ticker.js';
import { sameStatus, tileStatus, type TileFacts, type TileStatus } from './tile-status.js';

const STATUS_EVERY_MS = 500;

export interface LivePlayerOptions {
  readonly cameraId: string;
  readonly stream: CameraStream;
  readonly canvas: HTMLCanvasElement;
  readonly fetchPicture: () => Promise<Blob>;
  /** `short`: there is little room. */
  readonly textOf: (object: ShownObject, short: boolean) => string;
}

/** One tile: link -> packets -> decoder -> picture with its boxes. Runs until it is closed. */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  readonly #link: LiveLink;
  #queue = new PacketQueue({ delayMs: SHORTEST_MS });
  readonly #delay = new OverlayDelay();
  readonly #overlays = new OverlayTimeline();
  readonly #listeners = new Set<() => void>();
  readonly #stopTicks: () => void;
  readonly #refused = new Map<RenderMode, string>();
  #renderer: PictureRenderer | null = null;
  #mode: RenderMode | null = null;
  #stream: Extract<LiveMessage, { type: 'stream' }> | null = null;
  #camera: CameraState | null = null;
  #withheld: TileFacts['withheld'] = null;
  #linked = false;
  #linkSinceMs = Date.now();
  /** Arrival of the newest packet, wall time. */
  #lastPictureMs: number | null = null;
  #shownPtsUs: number | null = null;
  #lastPaint = '';
  #style: PaintStyle | null = null;
  #checkedMs = 0;
  #closed = false;
  #status: TileStatus;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#status = this.#currentStatus();
    this.#link = new LiveLink(options.cameraId, options.stream, {
      onOpen: (open) => this.#onLink(open),
      onMessage: (message) => this.#onMessage(message),
      onPacket: (packet) => this.#onPacket(packet),
    });
    this.#stopTicks = onEachFrame((nowMs) => this.#tick(nowMs));
  }

  get status(): TileStatus {
    return this.#status;
  }

  /** Wall time at which the picture on screen came in, ms since 1970: its age is what the operator looks at. */
  get shownPictureMs(): number | null {
    const arrivedMs = this.#shownPtsUs === null ? null : this.#queue.arrivedMs(this.#shownPtsUs);
    return arrivedMs === null ? this.#lastPictureMs : Date.now() - (performance.now() - arrivedMs);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#stopTicks();
    this.#link.close();
    this.#renderer?.close();
    this.#listeners.clear();
  }

  #onLink(open: boolean): void {
    if (open === this.#linked) return;
    this.#linked = open;
    this.#linkSinceMs = Date.now();
    this.#report();
  }

  #onMessage(message: LiveMessage): void {
    if (message.type === 'overlay') return this.#onOverlay(message);
    if (message.type === 'state') {
      this.#camera = message.state;
      return this.#report();
    }
    if (message.type === 'withheld') return this.#withhold(message);
    this.#withheld = null;
    // The gateway repeats the description after a reconnect; a running decoder is kept when nothing changed.
    const same = this.#stream?.codecString === message.codecString && this.#stream.width === message.width && this.#stream.height === message.height;
    this.#stream = message;
    if (!same || !this.#renderer) void this.#chooseRenderer();
  }

  /** What is on the screen, and what waits to be shown, must not be seen any longer. */
  #withhold({ reason, text }: Extract<LiveMessage, { type: 'withheld' }>): void {
    this.#withheld = { reason, text, sinceMs: Date.now() };
    this.#renderer?.close();
    this.#renderer = this.#stream = this.#mode = this.#lastPictureMs = this.#shownPtsUs = null;
    this.#queue = new PacketQueue({ delayMs: this.#queue.delayMs });
    const { canvas } = this.#options;
    canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    canvas.dataset['boxes'] = '0';
    this.#lastPaint = '';
    this.#report();
  }

  #onOverlay({ ptsUs, objects }: Extract<LiveMessage, { type: 'overlay' }>): void {
    this.#overlays.add(ptsUs, objects);
    const arrivedMs = this.#queue.arrivedMs(ptsUs);
    if (arrivedMs === null) return;
    this.#delay.add(ptsUs, performance.now() - arrivedMs);
    this.#queue.delayMs = this.#delay.delayMs;
  }

  #onPacket(packet: LivePacket): void {
    this.#lastPictureMs = this.#mode === 'snapshots' ? this.#lastPictureMs : Date.now();
    this.#queue.push({ ...packet, arrivedMs: performance.now() });
  }

  async #chooseRenderer(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    this.#renderer?.close();
    this.#renderer = null;
    const choice = await chooseRenderer(stream, this.#refused, {
      due: (ptsUs) => this.#queue.dueMs(ptsUs),
      fetchPicture: this.#options.fetchPicture,
      onSnapshot: () => (this.#lastPictureMs = Date.now()),
      onGivenUp: (mode, why) => this.#fallBack(mode, why),
    });
    // Asking the browser takes time; the tile may be gone or the stream another by now.
    if (this.#closed || this.#stream !== stream) return choice.renderer.close();
    this.#renderer = choice.renderer;
    this.#mode = choice.mode;
    this.#report();
  }

  #fallBack(mode: RenderMode, why: string): void {
    this.#refused.set(mode, why);
    void this.#chooseRenderer();
  }

  #tick(nowMs: number): void {
    if (nowMs - this.#checkedMs > STATUS_EVERY_MS) {
      this.#checkedMs = nowMs;
      this.#report();
    }
    if (!this.#renderer) return;
    const due = this.#queue.takeDue(nowMs, this.#renderer.leadMs);
    if (due.length > 0) this.#renderer.push(due);
    this.#paint(nowMs, this.#renderer);
  }

  #paint(nowMs: number, renderer: PictureRenderer): void {
    const { canvas, textOf } = this.#options;
    const picture = renderer.current(nowMs);
    const context = canvas.getContext('2d');
    if (!picture || !context) return;
    const objects = picture.ptsUs === null || this.#status.phase !== 'live' ? [] : this.#overlays.at(picture.ptsUs);
    // Most animation frames come between two pictures: nothing to paint then.
    const what = `${picture.ptsUs ?? nowMs} ${canvas.width} ${canvas.height} ${objects.length} ${objects[0]?.freshness ?? ''}`;
    if (what === this.#lastPaint) return;
    this.#lastPaint = what;
    this.#shownPtsUs = picture.ptsUs;
    const scale = canvas.width / Math.max(1, canvas.clientWidth);
    const frame = fitFrame(picture, canvas);
    paintPicture(context, picture, frame);
    if (this.#style?.scale !== scale) this.#style = readPaintStyle(canvas, scale);
    paintObjects(context, objects, frame, this.#style, textOf);
    canvas.dataset['boxes'] = String(objects.length);
  }

  #currentStatus(): TileStatus {
    const problem = [...this.#refused.values()].at(-1) ?? null;
    return tileStatus({ nowMs: Date.now(), camera: this.#camera, linked: this.#linked, linkSinceMs: this.#linkSinceMs, lastPictureMs: this.#lastPictureMs, mode: this.#mode, modeProblem: problem, withheld: this.#withheld });
  }

  #report(): void {
    const status = this.#currentStatus();
    if (sameStatus(status, this.#status)) return;
    this.#status = status;
    this.#listeners.forEach((listener) => listener());
  }
}
