import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PixelRing, readBlame, ringDirectory, ringPath, slotOffset, sweepRings } from './pixel-ring.js';

/** Real: the file system. */
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'argus-ring-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('PixelRing', () => {
  it('holds bytes under a slot until it is given back, and takes memory only for what was written', () => {
    const path = ringPath(directory, process.pid, 1);
    const ring = new PixelRing(path);
    const slot = ring.put(Uint8Array.of(1, 2, 3)) as number;
    const fd = openSync(path, 'r');
    const bytes = new Uint8Array(3);
    readSync(fd, bytes, 0, 3, slotOffset(slot));
    closeSync(fd);
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(statSync(path).blocks * 512).toBeLessThan(1024 * 1024);
    ring.giveBack(slot);
    ring.giveBack(slot);
    expect(ring.put(Uint8Array.of(4))).toBe(slot);
    ring.close();
  });

  it('says that it is full, and remembers whom to blame', () => {
    const path = ringPath(directory, process.pid, 2);
    const ring = new PixelRing(path);
    let slots = 0;
    while (ring.put(Uint8Array.of(0)) !== null) slots += 1;
    expect(slots).toBe(256);
    ring.blame(42);
    expect(readBlame(path)).toBe(42);
    ring.blame(0);
    expect(readBlame(path)).toBe(0);
    ring.close();
    expect(readBlame(join(directory, 'absent'))).toBe(0);
  });

  it('sweeps rings of dead owners only', () => {
    writeFileSync(ringPath(directory, 11, 1), '');
    writeFileSync(ringPath(directory, 12, 1), '');
    writeFileSync(join(directory, 'argus-ring-notes'), '');
    expect(sweepRings(directory, (pid) => pid === 12)).toBe(1);
    expect(sweepRings(directory, () => true)).toBe(0);
  });

  it('falls back to the next directory', () => {
    expect(ringDirectory([join(directory, 'absent'), directory])).toBe(directory);
    expect(() => ringDirectory([join(directory, 'absent')])).toThrow(/no writable directory/);
  });
});
