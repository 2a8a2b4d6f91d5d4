import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from './npy.js';

describe('npy', () => {
  it('gives back what was written, and begins its data at a multiple of 64', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 50 }), fc.boolean(), (data, flat) => {
        const array = { data, dims: flat ? [data.length] : [1, data.length, 1] };
        const bytes = writeNpy(array);
        expect((bytes.length - data.byteLength) % 64).toBe(0);
        expect(readNpy(bytes)).toEqual(array);
      }),
    );
  });

  it('reads a file as NumPy writes it', () => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + '\n';
    const bytes = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), Buffer.of(1, 2, 3, 4)]);
    expect(readNpy(bytes)).toEqual({ data: Uint8Array.of(1, 2, 3, 4), dims: [2, 2] });
  });

  it.each([
    ['no array', Buffer.from('hello, this is text'), /expected a NumPy/],
    ['doubles', Buffer.from(writeNpy({ data: Float32Array.of(1), dims: [1] })).toString('latin1').replace('<f4', '<f8'), /got '<f8'/],
    ['too little data', writeNpy({ data: Float32Array.of(1), dims: [2] }), /expected 8 bytes/],
    ['columns first', Buffer.from(writeNpy({ data: Float32Array.of(1), dims: [1] })).toString('latin1').replace('False', 'True '), /C order/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => readNpy(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)).toThrow(message);
  });
});
