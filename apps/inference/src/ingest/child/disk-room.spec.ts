import { describe, expect, it } from 'vitest';
import { requireDiskRoom } from './disk-room.js';
import { storageProblem } from './storage-problem.js';

const used = (usedBytes: number, bytes = 1000) => requireDiskRoom('/r', async () => ({ bytes, usedBytes }));

describe('a file of footage', () => {
  it('is begun below 95 % of the disk', async () => {
    await used(949);
    await used(0);
  });

  it('is not begun from there on, and people are told why', async () => {
    await expect(used(950)).rejects.toMatchObject({ code: 'recording.disk-full', context: { usedPercent: 95 } });
    const error: unknown = await used(999).catch((thrown: unknown) => thrown);
    expect(storageProblem(error)).toMatch(/the disk is 99 % full, and nothing is recorded from 95 % on/);
  });

  it('is begun where the disk cannot be looked at, or says nothing: writing tells', async () => {
    await requireDiskRoom('/r', () => Promise.reject(new Error('EIO')));
    await used(0, 0);
  });
});
