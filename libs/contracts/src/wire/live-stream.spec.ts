import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeLivePacket, encodeLivePacket } from './live-stream.js';

it('carries any packet unchanged', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.uint8Array(), (key, main, ptsUs, data) => {
      expect(decodeLivePacket(encodeLivePacket({ key, main, ptsUs, data }))).toEqual({ key, main, ptsUs, data });
    }),
  );
});

it('refuses bytes that are too short to be a packet', () => {
  expect(() => decodeLivePacket(new Uint8Array(8))).toThrow(/at least 9 bytes, got 8/);
});
