import { MotionGateSettings } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { MotionGate } from './motion-gate.js';
import { Pacer } from './pacer.js';

const dueCount = (fps: number, sourceFps: number, seconds: number, jitterUs = 0) => {
  const pacer = new Pacer(fps);
  return Array.from({ length: sourceFps * seconds }, (_, i) => Math.round((i * 1e6) / sourceFps) + (i % 2) * jitterUs).filter((pts) => pacer.due(pts)).length;
};

describe('Pacer', () => {
  it.each([
    [5, 25, 50],
    [5, 10, 50],
    [10, 15, 100],
    [10, 10, 100],
    [7, 30, 70],
    [30, 10, 100],
  ])('%i of %i fps', (fps, sourceFps, expected) => expect(Math.abs(dueCount(fps, sourceFps, 10) - expected)).toBeLessThanOrEqual(1));

  it('loses nothing to jittering stamps', () => expect(dueCount(10, 10, 10, 3000)).toBe(100));

  it('starts over after a gap and when time runs backwards', () => {
    const pacer = new Pacer(5);
    expect([0, 100_000, 9_000_000, 9_100_000, 9_200_000, 0, 100_000].map((pts) => pacer.due(pts))).toEqual([true, false, true, false, true, true, false]);
  });

  it('keeps its step when the rate changes again and again', () => {
    const pacer = new Pacer(5);
    let due = 0;
    for (let i = 0; i < 250; i += 1) {
      if (i % 10 === 0) pacer.retime(i % 20 === 0 ? 2 : 2.1);
      if (pacer.due(i * 40_000)) due += 1;
    }
    expect(Math.abs(due - 20)).toBeLessThanOrEqual(2);
    pacer.retime(25);
    expect([250, 251, 252].map((i) => pacer.due(i * 40_000))).toEqual([true, true, true]);
  });

  it('tells what is due without changing anything', () => {
    const pacer = new Pacer(5);
    expect([pacer.isDue(0), pacer.isDue(0), pacer.due(0), pacer.isDue(40_000), pacer.isDue(200_000)]).toEqual([true, true, true, false, true]);
  });

  it('refuses a rate that is none', () => expect(() => new Pacer(0)).toThrow('positive rate'));
});

describe('MotionGate', () => {
  const settings = MotionGateSettings.parse({ threshold: 0.01, holdSeconds: 2, stillIntervalSeconds: 5 });
  const open = (share: (second: number) => number, seconds: number, gate = new MotionGate(settings)) =>
    Array.from({ length: seconds }, (_, second) => (gate.decide(share(second), second * 1e6) === 'analyse' ? second : -1)).filter((second) => second >= 0);

  it('looks at a still scene once in a while', () => expect(open(() => 0, 16)).toEqual([0, 5, 10, 15]));
  it('opens on motion and holds after it', () => expect(open((second) => (second === 6 || second === 7 ? 0.5 : 0), 15)).toEqual([0, 5, 6, 7, 8, 9, 14]));
  it('lets everything pass when it is off', () => expect(open(() => 0, 5, new MotionGate({ ...settings, enabled: false })).length).toBe(5));

  it('tells whether it is open, and for how long nothing has moved', () => {
    const gate = new MotionGate(settings);
    expect(gate.isOpen).toBe(false);
    gate.decide(1, 0);
    gate.decide(0, 2e6);
    expect([gate.isOpen, gate.stillUs]).toEqual([true, 2e6]);
    gate.decide(0, 3e6);
    expect([gate.isOpen, gate.stillUs]).toEqual([false, 3e6]);
    expect(new MotionGate({ ...settings, enabled: false }).isOpen).toBe(true);
  });

  it('starts over when time runs backwards', () => {
    const gate = new MotionGate(settings);
    gate.decide(0, 100e6);
    expect(gate.decide(0, 1e6)).toBe('analyse');
  });
});
