import { messageOf } from '@argus/kernel';
import { extractSegment } from './extract-segment.js';
import type { FromExtractor, SegmentOrder } from './messages.js';

/** A process that takes pictures out of segments, one segment after the other: what is broken in a file, or native code, ends nobody else. */
const send = (message: FromExtractor): Promise<void> => new Promise((resolve) => (process.connected ? process.send?.(message, undefined, undefined, () => resolve()) : resolve()));

process.on('disconnect', () => process.exit(0));
// The worker decides when its children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', (order: SegmentOrder) => {
  const { request } = order;
  void extractSegment(order, (frame) => send({ type: 'frame', request, frame })).then(
    (lastSlot) => send({ type: 'done', request, lastSlot }),
    (error: unknown) => send({ type: 'failed', request, message: messageOf(error) }),
  );
});
void send({ type: 'ready' });
