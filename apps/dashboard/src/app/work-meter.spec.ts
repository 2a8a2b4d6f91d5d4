import { describe, expect, it } from 'vitest';
import { WorkMeter, type Work } from './work-meter.js';

const CHOOSING: Work = { datasetId: 'a', activity: 'choosing' };
const LABELLING: Work = { datasetId: 'a', activity: 'labelling' };
const NONE = { choosing: 0, labelling: 0, reviewing: 0, preparing: 0 };

describe('the meter of active time', () => {
  it('counts from input to input, by activity, and each second once', () => {
    const meter = new WorkMeter();
    meter.turnTo(CHOOSING, 1000);
    meter.input(1000);
    meter.input(21_000);
    meter.turnTo(LABELLING, 25_000);
    meter.input(26_000);
    expect(meter.take(30_000)).toEqual({ ...NONE, choosing: 24, labelling: 5 });
    expect(meter.take(30_000)).toEqual(NONE);
    expect(meter.take(31_000)).toEqual({ ...NONE, labelling: 1 });
  });

  it('leaves out what is more than a minute after the last input', () => {
    const meter = new WorkMeter();
    meter.turnTo(CHOOSING, 0);
    meter.input(0);
    expect(meter.take(30_000)).toEqual({ ...NONE, choosing: 30 });
    expect(meter.take(600_000)).toEqual({ ...NONE, choosing: 30 });
    meter.input(700_000);
    expect(meter.take(705_000)).toEqual({ ...NONE, choosing: 5 });
  });

  it('counts nothing before the first input, while the page is hidden, or where there is no set', () => {
    const meter = new WorkMeter();
    meter.turnTo(CHOOSING, 0);
    expect(meter.take(5000)).toEqual(NONE);
    meter.input(5000);
    meter.see(false, 8000);
    meter.see(true, 20_000);
    // Seen again, but nobody did anything for a while: within the minute it still counts.
    expect(meter.take(22_000)).toEqual({ ...NONE, choosing: 5 });
    meter.turnTo(null, 22_000);
    meter.input(30_000);
    expect(meter.take(40_000)).toEqual(NONE);
  });
});
