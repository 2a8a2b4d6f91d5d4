import { TuningProfile } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { targetFpsAt } from './target-fps.js';

const profile = TuningProfile.parse({ timeZone: 'Asia/Shanghai', targetFps: { normal: 5 }, hours: [{ from: '22:00', to: '06:00', targetFps: { normal: 2, low: 0.5 } }] });
const at = (local: string) => Date.parse(`2026-03-01T${local}:00+08:00`);

describe('targetFpsAt', () => {
  it('follows the hours of the site, over midnight too', () => {
    expect(['21:59', '22:00', '03:00', '06:00'].map((time) => targetFpsAt(profile, 'normal', at(time)))).toEqual([5, 2, 2, 5]);
  });
  it('leaves to the pipelines what the profile does not name', () => {
    expect([targetFpsAt(profile, 'low', at('12:00')), targetFpsAt(profile, 'low', at('23:00')), targetFpsAt(profile, 'critical', at('23:00'))]).toEqual([Infinity, 0.5, Infinity]);
  });
});
