import { NUMBERS_AT, SCALE_AT, STEP } from './dot-kernel.js';

/** How a picture's vector lies in a file: its digest (32 bytes), its scale (float32), nothing, and its numbers (int8), filled up with zeros. */
export const strideOf = (dims: number): number => NUMBERS_AT + Math.ceil(dims / STEP) * STEP;
export const DIGEST_BYTES = 32;

export interface VectorRow {
  /** 32 bytes. */
  readonly sha256: Uint8Array;
  readonly numbers: Int8Array;
  /** What a step of the numbers is. */
  readonly scale: number;
}

/** Rows of `dims` numbers each, one behind the other. */
export function packRows(rows: readonly VectorRow[], dims: number): Buffer {
  const stride = strideOf(dims);
  const bytes = Buffer.alloc(rows.length * stride);
  for (const [index, { sha256, numbers, scale }] of rows.entries()) {
    const at = index * stride;
    bytes.set(sha256, at);
    bytes.writeFloatLE(scale, at + SCALE_AT);
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.length), at + NUMBERS_AT);
  }
  return bytes;
}

/** A vector as int8 by its own largest number: of 512 numbers most are so small that steps of 1/127 would leave five of them. */
export function quantized(vector: Float32Array): { readonly numbers: Int8Array; readonly scale: number } {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return { numbers: new Int8Array(vector.length), scale: 0 };
  // As a float32, because that is what is kept.
  const scale = Math.fround(largest / 127);
  return { numbers: Int8Array.from(vector, (value) => Math.round(value / scale)), scale };
}
