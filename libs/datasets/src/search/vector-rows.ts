import { NUMBERS_AT, SCALE_AT, STEP } from './dot-kernel.js';

/**
 * How a picture's vector lies in a file: its digest (32 bytes), what brings its numbers to length 1 (float32), nothing, and its numbers (int8), filled up with zeros. By rounding
 * lengths differ by some hundredths: left as they are, others would be more like a picture than it is itself.
 */
export const strideOf = (dims: number): number => NUMBERS_AT + Math.ceil(dims / STEP) * STEP;
export const DIGEST_BYTES = 32;

export interface VectorRow {
  /** 32 bytes. */
  readonly sha256: Uint8Array;
  readonly numbers: Int8Array;
}

/** Rows of `dims` numbers each, one behind the other. */
export function packRows(rows: readonly VectorRow[], dims: number): Buffer {
  const stride = strideOf(dims);
  const bytes = Buffer.alloc(rows.length * stride);
  for (const [index, { sha256, numbers }] of rows.entries()) {
    const at = index * stride;
    bytes.set(sha256, at);
    bytes.writeFloatLE(1 / (lengthOf(numbers) || Infinity), at + SCALE_AT);
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.length), at + NUMBERS_AT);
  }
  return bytes;
}

function lengthOf(numbers: Int8Array): number {
  let squares = 0;
  for (const value of numbers) squares += value * value;
  return Math.sqrt(squares);
}

/** Numbers of a row as a vector of length 1. */
export function unitOf(numbers: Int8Array): Float32Array {
  const length = lengthOf(numbers) || 1;
  return Float32Array.from(numbers, (value) => value / length);
}

/** A vector as int8 by its own largest number: of 512 numbers most are so small that steps of 1/127 would leave five of them. */
export function quantized(vector: Float32Array): { readonly numbers: Int8Array; readonly scale: number } {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return { numbers: new Int8Array(vector.length), scale: 0 };
  // As a float32, because that is what is kept.
  const scale = Math.fround(largest / 127);
  return { numbers: Int8Array.from(vector, (value) => Math.round(value / scale)), scale };
}
