import { describe, expect, it } from 'vitest';
import { batchWaitMs } from './batch-wait.js';

const wait = (changes: Partial<Parameters<typeof batchWaitMs>[0]>) => batchWaitMs({ queued: 1, batch: 8, picturesPerSecond: 1000, mostMs: 20, slackMs: 100, ...changes });

describe('batchWaitMs', () => {
  it('waits for as long as the rest takes to come', () => expect(wait({})).toBe(7));
  it('waits no longer than allowed or than anybody can spare', () => expect([wait({ picturesPerSecond: 200 }), wait({ slackMs: 3 }), wait({ mostMs: 0 })]).toEqual([20, 3, 0]));
  it('begins at once when full, when nothing would come in time, and when it is late already', () =>
    expect([wait({ queued: 8 }), wait({ queued: 9 }), wait({ picturesPerSecond: 10 }), wait({ picturesPerSecond: 0 }), wait({ slackMs: -5 })]).toEqual([0, 0, 0, 0, 0]));
});
