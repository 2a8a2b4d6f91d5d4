import type { CameraId, CameraStats, DropCause, MainStreamState, RecorderState, SkipCause, StreamInfo } from '@argus/contracts';
import { CounterRate, isoTime, RateWindow, ValueWindow, type Clock } from '@argus/kernel';
import type { IngestCounters } from '../ingest/messages.js';

const NOTHING: IngestCounters = {
  received: 0, decoded: 0, skipped: { 'not-due': 0, idle: 0, shed: 0, 'key-wait': 0, damaged: 0 }, paced: 0, still: 0, offered: 0, backpressure: 0, reconnects: 0,
  lastPacketMs: null, lastFrameMs: null, decodeMode: 'all', decoder: null, recorder: { state: 'waiting', problem: null, bytes: 0, lostPackets: 0 },
};
const RATE_SPAN_MS = 5000;

/**
 * One camera's numbers. The ingest child counts up to `offered`, main counts what became of it. A child's counters arrive on the
 * same ordered channel as its frames, so at that moment both halves fit together exactly: that is when the view is made.
 */
export class CameraCounters {
  /** Sum of children that are gone. */
  #before: IngestCounters = NOTHING;
  #child: IngestCounters = NOTHING;
  /** Frames that arrived here from the running child. */
  #arrived = 0;
  #analysed = 0;
  #lastInferenceMs: number | null = null;
  readonly #dropped: Record<DropCause, number> = { overwritten: 0, stale: 0, late: 0, backpressure: 0, failed: 0, stopped: 0 };
  readonly #latency = new ValueWindow(64);
  readonly #analysedRate = new RateWindow(RATE_SPAN_MS);
  readonly #receivedRate = new CounterRate(RATE_SPAN_MS);
  stream: StreamInfo | null = null;
  /** Analysed pictures a second that the camera may have now. */
  targetFps = 0;
  /** The main stream beside the analysed one. */
  readonly main: { -readonly [Key in keyof MainStreamState]: MainStreamState[Key] } = { state: 'closed', stream: null, problem: null };
  /** Something of this camera is to be kept, now or at other hours. */
  records = false;
  /** Made at the last beat. */
  view: CameraStats;

  constructor(
    private readonly cameraId: CameraId,
    private readonly clock: Clock,
    /** It has a main stream beside the analysed one. */
    private readonly hasMain = false,
  ) {
    this.view = this.#makeView();
  }

  arrived(): void {
    this.#arrived += 1;
  }

  analysed(arrivedMs: number): void {
    this.#analysed += 1;
    this.#lastInferenceMs = this.clock.nowMs();
    this.#latency.add(Math.max(0, this.clock.nowMs() - arrivedMs));
    this.#analysedRate.add(this.clock.monotonicMs());
  }

  dropped(cause: DropCause): void {
    this.#dropped[cause] += 1;
  }

  beat(counters: IngestCounters): void {
    this.#child = counters;
    this.#receivedRate.read(this.#before.received + counters.received, this.clock.monotonicMs());
    this.view = this.#makeView();
  }

  /** The child is gone: its frames that were counted here after its last beat are kept in the sums. */
  childLost(): void {
    const unreported = Math.max(0, this.#arrived - (this.#child.offered - this.#child.backpressure));
    const last = this.#child;
    this.#before = {
      received: this.#before.received + last.received + unreported,
      decoded: this.#before.decoded + last.decoded + unreported,
      skipped: sumOf(this.#before.skipped, last.skipped),
      paced: this.#before.paced + last.paced,
      still: this.#before.still + last.still,
      offered: this.#before.offered + last.offered + unreported,
      backpressure: this.#before.backpressure + last.backpressure,
      reconnects: this.#before.reconnects + last.reconnects + 1,
      lastPacketMs: last.lastPacketMs ?? this.#before.lastPacketMs,
      lastFrameMs: last.lastFrameMs ?? this.#before.lastFrameMs,
      decodeMode: last.decodeMode,
      decoder: last.decoder ?? this.#before.decoder,
      recorder: recorderOf(this.#before.recorder, last.recorder),
    };
    this.#child = NOTHING;
    this.#arrived = 0;
    this.view = this.#makeView();
  }

  #makeView(): CameraStats {
    const [a, b] = [this.#before, this.#child];
    const now = this.clock.monotonicMs();
    return {
      cameraId: this.cameraId,
      stream: this.stream,
      received: a.received + b.received,
      decoded: a.decoded + b.decoded,
      skipped: sumOf(a.skipped, b.skipped),
      paced: a.paced + b.paced,
      still: a.still + b.still,
      offered: a.offered + b.offered,
      analysed: this.#analysed,
      dropped: { ...this.#dropped, backpressure: this.#dropped.backpressure + a.backpressure + b.backpressure },
      reconnects: a.reconnects + b.reconnects,
      lastPacketAt: isoOrNull(b.lastPacketMs ?? a.lastPacketMs),
      lastFrameAt: isoOrNull(b.lastFrameMs ?? a.lastFrameMs),
      lastInferenceAt: isoOrNull(this.#lastInferenceMs),
      receivedFps: this.#receivedRate.perSecond,
      analysedFps: this.#analysedRate.perSecond(now),
      targetFps: this.targetFps,
      decodeMode: b.decodeMode,
      decoder: b.decoder ?? a.decoder,
      latencyMsP50: this.#latency.percentile(0.5),
      latencyMsP95: this.#latency.percentile(0.95),
      main: this.hasMain ? { ...this.main } : null,
      recorder: this.records ? this.#recorder(recorderOf(a.recorder, b.recorder)) : null,
    };
  }

  /** Recorded is the main stream: while that does not come, a recorder that waits is waiting for it. */
  #recorder(recorder: RecorderState): RecorderState {
    const { state, problem } = this.main;
    if (!this.hasMain || recorder.state !== 'waiting' || (state !== 'offline' && state !== 'stalled')) return recorder;
    return { ...recorder, state: 'failed', problem: `the main stream, which is recorded, is ${state}: ${problem ?? 'no reason is known'}` };
  }
}

const sumOf = (a: IngestCounters['skipped'], b: IngestCounters['skipped']): Record<SkipCause, number> =>
  ({ 'not-due': a['not-due'] + b['not-due'], idle: a.idle + b.idle, shed: a.shed + b.shed, 'key-wait': a['key-wait'] + b['key-wait'], damaged: a.damaged + b.damaged });

/** What the later one is doing, and what both have done. */
const recorderOf = (before: RecorderState, later: RecorderState): RecorderState => ({ ...later, bytes: before.bytes + later.bytes, lostPackets: before.lostPackets + later.lostPackets });

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
