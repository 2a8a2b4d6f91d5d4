import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestTable } from './digest-table.js';

describe('a table of digests', () => {
  it('says of each what a map would, while it grows and when rows are set again', () => {
    const table = new DigestTable();
    const map = new Map<string, { shard: number; offset: number; bytes: number }>();
    const shaOf = (number: number) => createHash('sha256').update(String(number)).digest('hex');
    for (let number = 0; number < 20_000; number += 1) {
      const place = { shard: number % 7, offset: number * 2 ** 36, bytes: number + 1 };
      table.set(shaOf(number % 15_000), place);
      map.set(shaOf(number % 15_000), place);
    }
    expect(table.size).toBe(map.size);
    for (const [sha256, place] of map) expect(table.get(sha256)).toEqual(place);
    for (let number = 15_000; number < 16_000; number += 1) expect(table.get(shaOf(number))).toBeNull();
  });

  it('tells digests apart that begin alike', () => {
    const table = new DigestTable(16);
    for (let number = 0; number < 100; number += 1) table.set(number.toString(16).padStart(64, '0'), { shard: 0, offset: number, bytes: 1 });
    for (let number = 0; number < 100; number += 1) expect(table.get(number.toString(16).padStart(64, '0'))?.offset).toBe(number);
    expect(table.get('f'.repeat(64))).toBeNull();
  });
});
