import { messageOf } from '@argus/kernel';
import { FilmFollower } from './film-follower.js';
import { followSegment } from './follow-segment.js';
import type { FollowEnd, FromLabeller, LabellingOrder } from './messages.js';
import { takePictures } from './take-pictures.js';

/** A process that follows boxes through footage and takes pictures out of it: what is broken in a file, or native code, ends nobody else. */
const send = (message: FromLabeller): Promise<void> => new Promise((resolve) => (process.connected ? process.send?.(message, undefined, undefined, () => resolve()) : resolve()));

let follower: FilmFollower | null = null;

async function work(order: LabellingOrder): Promise<FollowEnd | null> {
  const { request } = order;
  if (order.task === 'follow') {
    if (order.begins || follower === null) follower = new FilmFollower(order.wish);
    return followSegment(order, follower, (picture) => void send({ type: 'picture', request, picture }));
  }
  await takePictures(order, (atMs, frame) => send({ type: 'frame', request, atMs, frame }));
  return null;
}

process.on('disconnect', () => process.exit(0));
// The worker decides when its children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', (order: LabellingOrder) => {
  const { request } = order;
  void work(order).then(
    (end) => send({ type: 'done', request, end }),
    (error: unknown) => send({ type: 'failed', request, message: messageOf(error) }),
  );
});
void send({ type: 'ready' });
