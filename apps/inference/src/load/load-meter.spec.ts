import type { ModelId } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { LoadMeter, type ChildUsage } from './load-meter.js';

const child = (cpuMs: number): ChildUsage => ({ pid: 1_000_001, kind: 'model', model: 'm' as ModelId, cameras: 0, restarts: 0, loopDelayMsP99: null, usage: { cpuMs, residentBytes: 5 } });

describe('LoadMeter', () => {
  it('gives the cores that a child used since its last word, and keeps them while it is silent for a moment', () => {
    const clock = { ms: 0, monotonicMs: () => clock.ms };
    const meter = new LoadMeter(4, clock);
    meter.read([child(1000)]);
    clock.ms = 1000;
    expect(meter.read([child(1600)]).children[0]).toMatchObject({ cpu: 0.6, residentBytes: 5 });
    clock.ms = 2000;
    expect(meter.read([child(1600)]).children[0]?.cpu).toBe(0.6);
    clock.ms = 6000;
    expect(meter.read([child(1600)]).children[0]?.cpu).toBe(0);
    meter.close();
  });

  it('sees a loop that was held up', async () => {
    const meter = new LoadMeter(1, { monotonicMs: () => performance.now() });
    await new Promise((resolve) => setTimeout(resolve, 120));
    meter.read([]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const until = performance.now() + 200;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(meter.read([]).loopDelayMsP99).toBeGreaterThan(120);
    meter.close();
  });
});
