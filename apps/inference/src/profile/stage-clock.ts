import { machineMs } from '@argus/kernel';
import type { Stage, StageSpan } from './stage-span.js';

/** Times the stages of one camera in its ingest child, one picture after the other. Switched off, each call is one test of a boolean. */
export class StageClock {
  on = false;
  #spans: StageSpan[] = [];
  #packets = 0;
  #packetsMs = 0;

  /** Now, for `end`; 0 while switched off. */
  begin(): number {
    return this.on ? machineMs() : 0;
  }

  /** `first`: a new picture begins with this stage, what was kept of the last one is forgotten. */
  end(stage: Stage, startMs: number, first = false): void {
    if (!this.on || startMs === 0) return;
    const endMs = machineMs();
    if (!first) return void this.#spans.push({ stage, startMs, endMs });
    // Most pictures are decoded for those that refer to them, and never offered: their cost is told with the next one that is.
    this.#packets += 1;
    this.#packetsMs += endMs - startMs;
    this.#spans = [{ stage, startMs, endMs, args: { packets: this.#packets, packetsMs: Math.round(this.#packetsMs * 1000) / 1000 } }];
  }

  /** Everything since the last picture; undefined while switched off, so that messages stay as they were. */
  take(): readonly StageSpan[] | undefined {
    if (!this.on) return undefined;
    const spans = this.#spans;
    [this.#spans, this.#packets, this.#packetsMs] = [[], 0, 0];
    return spans;
  }
}
