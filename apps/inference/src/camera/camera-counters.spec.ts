import type { CameraId, CameraStats, DropCause } from '@argus/contracts';
import { newId } from '@argus/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IngestCounters } from '../ingest/messages.js';
import { CameraCounters } from './camera-counters.js';

const sumOfDrops = (stats: CameraStats): number => Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);

const recorder = (bytes: number, lostPackets = 0): IngestCounters['recorder'] => ({ state: 'recording', problem: null, bytes, lostPackets });

/** A child and main as they count, frame by frame; beats, drops and deaths at any moment. */
const steps = fc.array(fc.constantFrom('packet', 'damaged', 'paced', 'still', 'frame', 'full', 'analysed', 'overwritten', 'failed', 'beat', 'die'), { maxLength: 300 });

describe('CameraCounters', () => {
  it('adds up at every beat, whatever happens, also over the death of a child', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const clock = { nowMs: () => 0, monotonicMs: () => 0 };
        const counters = new CameraCounters(newId<CameraId>(), clock);
        const zero = (): Record<string, number> => ({ received: 0, decoded: 0, paced: 0, still: 0, offered: 0, backpressure: 0 });
        let child = zero();
        let inFlight = 0;
        const decode = (kind: string): void => {
          for (const key of ['received', 'decoded', kind]) child[key] = (child[key] ?? 0) + 1;
        };
        const check = (): void => {
          const view = counters.view;
          expect(view.received).toBe(view.decoded + Object.values(view.skipped).reduce((sum, count) => sum + count, 0));
          expect(view.decoded).toBe(view.paced + view.still + view.offered);
          expect(view.offered).toBe(view.analysed + sumOfDrops(view) + inFlight);
        };
        const finish = (outcome: 'analysed' | DropCause): void => {
          if (inFlight === 0) return;
          inFlight -= 1;
          if (outcome === 'analysed') counters.analysed(0);
          else counters.dropped(outcome);
        };
        for (const step of run) {
          if (step === 'packet' || step === 'damaged') for (const key of ['received', step === 'damaged' ? 'damaged' : 'idle']) child[key] = (child[key] ?? 0) + 1;
          else if (step === 'paced' || step === 'still') decode(step);
          else if (step === 'full') {
            decode('offered');
            child['backpressure'] = (child['backpressure'] ?? 0) + 1;
          } else if (step === 'frame') {
            decode('offered');
            counters.arrived();
            inFlight += 1;
          } else if (step === 'beat') {
            counters.beat({ ...child, skipped: { 'not-due': 0, idle: child['idle'] ?? 0, shed: 0, 'key-wait': 0, damaged: child['damaged'] ?? 0 }, reconnects: 0, lastPacketMs: null, lastFrameMs: null, recorder: recorder(0) } as unknown as IngestCounters);
            check();
          } else if (step === 'die') {
            counters.childLost();
            child = zero();
            check();
          } else finish(step as 'analysed' | DropCause);
        }
      }),
    );
  });

  it('tells what is kept over the death of a child, and nothing of a camera of which nothing is', () => {
    const counters = new CameraCounters(newId<CameraId>(), { nowMs: () => 0, monotonicMs: () => 0 });
    const beat = (state: IngestCounters['recorder']): void => counters.beat({ skipped: {}, recorder: state } as unknown as IngestCounters);
    beat(recorder(100));
    expect(counters.view.recorder).toBeNull();
    counters.records = true;
    beat(recorder(1000, 2));
    counters.childLost();
    expect(counters.view.recorder).toEqual({ ...recorder(1000, 2), state: 'waiting' });
    beat(recorder(10, 1));
    expect(counters.view.recorder).toEqual(recorder(1010, 3));
  });

  it('measures rates as count over span and latency from the packet on', () => {
    const clock = { ms: 0, nowMs: () => clock.ms, monotonicMs: () => clock.ms };
    const counters = new CameraCounters(newId<CameraId>(), clock);
    for (let second = 0; second <= 6; second += 1) {
      clock.ms = second * 1000;
      counters.analysed(clock.ms - 80);
      counters.beat({ received: second * 10, decoded: second * 10, skipped: { 'not-due': 0, idle: 0, shed: 0, 'key-wait': 0, damaged: 0 }, paced: 0, still: 0, offered: 0, backpressure: 0, reconnects: 0, lastPacketMs: clock.ms, lastFrameMs: clock.ms, decodeMode: 'all', decoder: null, recorder: recorder(0) });
    }
    expect(counters.view).toMatchObject({ receivedFps: 10, analysedFps: 1, latencyMsP50: 80, latencyMsP95: 80, lastPacketAt: '1970-01-01T00:00:06.000Z' });
  });
});
