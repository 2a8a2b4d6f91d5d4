import { MOST_REPORTED_SECONDS, ReportWork } from '@argus/contracts';
import { seededRandom } from '@argus/testing';
import { describe, expect, it } from 'vitest';
import { believedWork } from './believed-work.js';

const report = (seconds: Partial<ReportWork['seconds']>): ReportWork => ReportWork.parse({ seconds });
const believed = (seconds: Partial<ReportWork['seconds']>, passedMs: number) => Object.fromEntries(believedWork(report(seconds), passedMs));

describe('a report of work', () => {
  it.each([
    [{ choosing: 24, labelling: 6 }, 30_000, { choosing: 24_000, labelling: 6000 }],
    [{ choosing: 24.5 }, 60_000, { choosing: 24_500 }],
    // More than has passed: cut in proportion.
    [{ choosing: 48, labelling: 12 }, 30_000, { choosing: 24_000, labelling: 6000 }],
    [{ labelling: 600 }, 1, { labelling: 1 }],
    // The same moment, or a clock that was set back.
    [{ labelling: 30 }, 0, {}],
    [{ labelling: 30 }, -3_600_000, {}],
    [{}, 30_000, {}],
    [{ reviewing: 0, preparing: 0.0001 }, 30_000, {}],
  ])('of %j after %i ms is believed as %j', (seconds, passedMs, wanted) => {
    expect(believed(seconds, passedMs)).toEqual(wanted);
  });

  it('is never believed beyond the time that passed, nor beyond what it tells', () => {
    const random = seededRandom(88);
    for (let times = 0; times < 2000; times += 1) {
      const seconds = { choosing: 600 * random() ** 4, labelling: 600 * random() ** 4, reviewing: 600 * random() ** 4, preparing: 600 * random() ** 4 };
      const passedMs = Math.floor(900_000 * random() ** 3);
      const ms = [...believedWork(report(seconds), passedMs)];
      expect(ms.reduce((sum, [, one]) => sum + one, 0)).toBeLessThanOrEqual(passedMs);
      for (const [activity, one] of ms) expect(one).toBeLessThanOrEqual(seconds[activity] * 1000);
    }
  });

  it.each([[{ seconds: { choosing: -1 } }], [{ seconds: { choosing: MOST_REPORTED_SECONDS + 1 } }], [{ seconds: { choosing: Number.NaN } }], [{ seconds: { sleeping: 1 } }], [{ seconds: {}, at: '2030-01-01T00:00:00Z' }], [{}]])('is refused as %j', (body) => {
    expect(ReportWork.safeParse(body).success).toBe(false);
  });
});
