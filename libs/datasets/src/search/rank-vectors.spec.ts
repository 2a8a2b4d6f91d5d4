import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BestRows } from './best-rows.js';
import { rankVectors, type RankOrder } from './rank-vectors.js';
import { packRows, quantized, strideOf, unitOf, type VectorRow } from './vector-rows.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-rank-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const digestOf = (name: number | string): Uint8Array => createHash('sha256').update(String(name)).digest();
function unit(row: readonly number[]): Float32Array {
  const length = Math.hypot(...row) || 1;
  return Float32Array.from(row, (value) => value / length);
}
function vectorsOf(count: number, dims: number, seed: number): Float32Array[] {
  let state = seed;
  const random = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) - 0.5;
  return Array.from({ length: count }, () => unit(Array.from({ length: dims }, random)));
}
const rowsOf = (vectors: readonly Float32Array[]): VectorRow[] => vectors.map((vector, index) => ({ sha256: digestOf(index), ...quantized(vector) }));
function write(vectors: readonly Float32Array[], dims: number, name = 'rows'): string {
  const path = join(folder, name);
  writeFileSync(path, packRows(rowsOf(vectors), dims));
  return path;
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
const rank = (order: Pick<RankOrder, 'path' | 'dims' | 'rows' | 'query'> & Partial<RankOrder>) => rankVectors({ count: 10, after: null, among: null, ...order });

describe('rankVectors', () => {
  it('gives scores as a loop over floats gives them, whatever the length of vectors', () => {
    for (const dims of [1, 2, 8, 15, 16, 17, 256, 512, 768, 2048]) {
      const vectors = vectorsOf(40, dims, dims);
      const query = vectorsOf(1, dims, 7)[0] as Float32Array;
      const ranked = rank({ path: write(vectors, dims), dims, rows: 40, query, count: 40 });
      expect(ranked).toHaveLength(40);
      for (const { row, score, sha256 } of ranked) {
        expect(sha256).toBe(Buffer.from(digestOf(row)).toString('hex'));
        expect(Math.abs(score - dot(vectors[row] as Float32Array, query))).toBeLessThan(0.004);
      }
      expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).toSorted((a, b) => b - a));
    }
  });

  it('holds the largest sums that there can be', () => {
    for (const value of [1, -1]) {
      const vectors = [unit(Array.from({ length: 2048 }, () => 1))];
      const [only] = rank({ path: write(vectors, 2048), dims: 2048, rows: 1, query: unit(Array.from({ length: 2048 }, () => value)) });
      expect(only?.score).toBeCloseTo(value, 3);
    }
  });

  it('goes on behind any place in the order, each row once, over several blocks', () => {
    const dims = 128;
    // Many equals: every tenth is the same.
    const vectors = vectorsOf(20_000, dims, 3).map((vector, index, all) => (index % 10 === 0 ? (all[0] as Float32Array) : vector));
    const path = write(vectors, dims);
    const query = vectors[0] as Float32Array;
    const whole = rank({ path, dims, rows: 20_000, query, count: 20_000 });
    expect(new Set(whole.map(({ row }) => row)).size).toBe(20_000);
    expect(whole.slice(0, 2000).map(({ row }) => row)).toEqual(Array.from({ length: 2000 }, (_unused, index) => index * 10));
    const paged = [];
    for (let last = null; paged.length < 9000; last = paged.at(-1) ?? null) paged.push(...rank({ path, dims, rows: 20_000, query, count: 1700, after: last }));
    expect(paged).toEqual(whole.slice(0, paged.length));
  });

  it('looks only at those it is told, and at no more rows than are whole', () => {
    const vectors = vectorsOf(2000, 32, 5);
    const path = write(vectors, 32);
    // Two digests that begin alike, of which one is there.
    const like17 = Uint8Array.from(digestOf(17));
    like17[31] = (like17[31] as number) ^ 1;
    const among = Buffer.concat([like17, ...[5, 17, 999, 'unknown'].map(digestOf)]);
    const query = vectors[17] as Float32Array;
    const ranked = rank({ path, dims: 32, rows: 2000, query, among });
    expect(ranked.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual([5, 17, 999]);
    expect(ranked[0]).toMatchObject({ row: 17 });
    expect(rank({ path, dims: 32, rows: 10, query }).every(({ row }) => row < 10)).toBe(true);
    truncateSync(path, 5 * strideOf(32) + 3);
    expect(rank({ path, dims: 32, rows: 5, query })).toHaveLength(5);
  });

  it('says what does not fit, and knows vectors of nothing', () => {
    const path = write(vectorsOf(2, 8, 2), 8);
    expect(() => rank({ path, dims: 8, rows: 2, query: new Float32Array(9) })).toThrow(/expected a vector of 8 numbers/);
    expect(rank({ path, dims: 8, rows: 2, query: new Float32Array(8) })).toMatchObject([{ score: 0, row: 0 }, { score: 0, row: 1 }]);
    expect(quantized(new Float32Array(4))).toEqual({ numbers: new Int8Array(4), scale: 0 });
  });
});

describe('unitOf', () => {
  it('makes a picture the one that is most like itself, however rough its numbers are', () => {
    // Steps of 1/127, as the shipped detector's vectors are kept: most numbers are one or two.
    const rough = vectorsOf(3000, 256, 11).map((vector) => Int8Array.from(vector, (value) => Math.round((value + 0.06) * 127)));
    const path = join(folder, 'rough');
    writeFileSync(path, packRows(rough.map((numbers, index) => ({ sha256: digestOf(index), numbers })), 256));
    for (const row of [0, 7, 1500, 2999]) {
      const [first] = rank({ path, dims: 256, rows: 3000, query: unitOf(rough[row] as Int8Array) });
      expect(first?.row).toBe(row);
      expect(first?.score).toBeCloseTo(1, 3);
    }
  });
});

describe('BestRows', () => {
  it('keeps what sorting would have kept', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 12 }), fc.option(fc.nat(30)), (scores, most, afterRow) => {
        const rows = scores.map((score, row) => ({ row, score })).sort((a, b) => b.score - a.score || a.row - b.row);
        const after = afterRow === null ? null : (rows.find(({ row }) => row === afterRow) ?? null);
        const best = new BestRows(most, after);
        for (const [row, score] of scores.entries()) if (score >= best.least) best.offer(row, score);
        expect(best.sorted()).toEqual(rows.slice(after === null ? 0 : rows.indexOf(after) + 1).slice(0, most));
      }),
    );
  });
});
