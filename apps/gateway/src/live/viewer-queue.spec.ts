import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ViewerQueue } from './viewer-queue.js';

const packet = (key: boolean, bytes = 10) => Uint8Array.from({ length: bytes }, (_, index) => (index === 0 && key ? 1 : 0));

function viewer(limit = 100) {
  const sent: (string | Uint8Array)[] = [];
  const sink = { bufferedAmount: 0, send: (data: string | Uint8Array) => void (sent.push(data), (sink.bufferedAmount += data.length)) };
  return { sent, sink, queue: new ViewerQueue(sink, limit) };
}

it('begins with a key frame', () => {
  const { sent, queue } = viewer();
  queue.packet(packet(false));
  queue.overlay('{}');
  queue.packet(packet(true));
  queue.overlay('{}');
  expect(sent).toEqual([packet(true), '{}']);
});

it('drops a slow viewer to the next key frame that finds room', () => {
  const { sent, sink, queue } = viewer(30);
  for (const key of [true, false, false, false, true]) queue.packet(packet(key));
  sink.bufferedAmount = 0;
  queue.packet(packet(false));
  queue.packet(packet(true));
  expect(sent.length).toBe(4);
  expect(queue.dropped).toBe(3);
});

it('never sends a packet whose key frame was dropped, and never more than its limit at once', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.boolean(), bytes: fc.integer({ min: 1, max: 60 }), drained: fc.integer({ min: 0, max: 80 }) })), (steps) => {
      const { sent, sink, queue } = viewer(100);
      let decodable = false;
      for (const { key, bytes, drained } of steps) {
        const before = sent.length;
        queue.packet(packet(key, bytes));
        const wasSent = sent.length > before;
        expect(sink.bufferedAmount).toBeLessThanOrEqual(100);
        if (wasSent) expect(key || decodable).toBe(true);
        decodable = wasSent;
        sink.bufferedAmount = Math.max(0, sink.bufferedAmount - drained);
      }
    }),
  );
});
