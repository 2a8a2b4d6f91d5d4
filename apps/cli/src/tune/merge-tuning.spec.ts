import { TuneReport, TuningProfile } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { mergeTuning } from './merge-tuning.js';

const AT = '2026-01-01T00:00:00.000Z';
const DEFAULTS = { replicas: 2, threads: 1, batch: 1, waitMs: 0, picturesPerSecond: 40, latencyMsP95: 120 };
const BEST = { replicas: 1, threads: 2, batch: 4, waitMs: 5, picturesPerSecond: 50, latencyMsP95: 140 };
const result = (verdict: string, changes: object = {}) => ({ model: 'a', version: '1.0.0', device: 'cpu', verdict, defaults: DEFAULTS, best: verdict === 'better' ? BEST : DEFAULTS, overDefault: verdict === 'better' ? 1.25 : 1, rounds: 3, lowestLatencyMsP95: 60, at: AT, ...changes });
const report = (...results: object[]) => TuneReport.parse({ version: 1, at: AT, cores: 2, busyBefore: 0, targetMs: 150, seconds: 100, stopped: false, results, problems: [] });
const profile = (parts: object = {}) => TuningProfile.parse(parts);
const pin = (model: string, device: string, replicas = 7) => ({ model, device, replicas, threads: 1, batch: 1, waitMs: 0 });

describe('mergeTuning', () => {
  it('replaces the line of the measured model and device, and keeps everything else', () => {
    const before = profile({ models: [pin('a', 'cpu'), pin('a', 'cuda:0'), pin('b', 'cpu')], reserved: ['cuda:1'], targetFps: { low: 1 }, hours: [{ from: '22:00', to: '06:00', targetFps: { low: 0.5 } }], timeZone: 'Asia/Shanghai' });
    const { profile: after } = mergeTuning(before, report(result('better')));
    expect(after).toMatchObject({ reserved: before.reserved, targetFps: before.targetFps, hours: before.hours, timeZone: before.timeZone });
    expect(after.models).toEqual([pin('a', 'cuda:0'), pin('b', 'cpu'), { model: 'a', device: 'cpu', replicas: 1, threads: 2, batch: 4, waitMs: 5 }]);
    expect(after.measured).toEqual([{ model: 'a', device: 'cpu', replicas: 1, threads: 2, batch: 4, waitMs: 5, version: '1.0.0', targetMs: 150, picturesPerSecond: 50, latencyMsP95: 140, overDefault: 1.25, at: AT }]);
    expect(TuningProfile.parse(after)).toEqual(after);
  });

  it('pins nothing where the engine chooses best, and keeps a record of it', () => {
    const { profile: after, said } = mergeTuning(profile(), report(result('defaults-are-best')));
    expect(after.models).toEqual([]);
    expect(after.measured).toMatchObject([{ model: 'a', replicas: 2, picturesPerSecond: 40, overDefault: 1 }]);
    expect(said).toEqual(['a on cpu: stays with the engine, its choice is the best']);
  });

  it('gives an old pin the numbers that proved best', () => {
    expect(mergeTuning(profile({ models: [pin('a', 'cpu')] }), report(result('defaults-are-best'))).profile.models).toEqual([pin('a', 'cpu', 2)]);
  });

  it('lets no device fall out because another one is pinned', () => {
    const cards = report(result('better', { device: 'cuda:0' }), result('defaults-are-best', { device: 'cuda:1' }), result('unfinished', { device: 'cuda:2' }));
    expect(mergeTuning(profile(), cards).profile.models.map(({ device, replicas }) => `${device} ${replicas}`)).toEqual(['cuda:0 1', 'cuda:1 2', 'cuda:2 2']);
    // Who pinned the model to one device meant the others to stay without it.
    expect(mergeTuning(profile({ models: [pin('a', 'cuda:0')] }), cards).profile.models.map(({ device }) => device)).toEqual(['cuda:0']);
  });

  it.each(['unfinished', 'target-missed'])('changes nothing by what is %s', (verdict) => {
    const before = profile({ models: [pin('a', 'cpu')], measured: [] });
    expect(mergeTuning(before, report(result(verdict))).profile).toEqual(before);
  });

  it('replaces an older record and leaves reserved devices alone', () => {
    const first = mergeTuning(profile(), report(result('better'))).profile;
    const second = mergeTuning(first, report(result('better', { version: '2.0.0' }))).profile;
    expect(second.measured?.map(({ version }) => version)).toEqual(['2.0.0']);
    const reserved = mergeTuning(profile({ reserved: ['cpu'] }), report(result('better')));
    expect(reserved.profile.models).toEqual([]);
    expect(reserved.said).toEqual(['a on cpu: left out, the device is reserved for training']);
  });
});
