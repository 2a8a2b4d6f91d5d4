import { messageOf } from '@argus/kernel';
import { videoFacts } from '@argus/media';
import type { VideoPlace } from '../harvest-store.js';
import { readVideo, type VideoStep } from './read-video.js';
import type { FromVideoChild, ToVideoChild } from './video-messages.js';

/** A process that reads video files, a stretch at a time: it is never further than one stretch ahead of what is on the disk, and what is broken in a file, or native code, ends nobody else. */
const STRETCH = { pictures: 64, bytes: 32 * 2 ** 20, ms: 2000 } as const;
const ALIVE_EVERY_MS = 5000;

let open: AsyncGenerator<VideoStep, void, undefined> | null = null;

const send = (message: FromVideoChild): Promise<void> => new Promise((resolve) => (process.connected ? process.send?.(message, undefined, undefined, () => resolve()) : resolve()));

process.on('disconnect', () => process.exit(0));
// The worker decides when its children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToVideoChild) => void answer(message).catch((error: unknown) => send({ type: 'failed', request: message.request, message: messageOf(error) })));

async function answer(message: ToVideoChild): Promise<void> {
  const { request } = message;
  const alive = setInterval(() => void send({ type: 'alive' }), ALIVE_EVERY_MS);
  try {
    if (message.type === 'facts') return await send({ type: 'facts', request, facts: await videoFacts(message.path) });
    if (message.type === 'open') {
      await open?.return();
      open = readVideo(message.order);
    }
    if (open !== null) await send({ type: 'stretch', request, place: await stretch(open, request) });
  } finally {
    clearInterval(alive);
  }
}

async function stretch(steps: AsyncGenerator<VideoStep, void, undefined>, request: number): Promise<VideoPlace | null> {
  const beganMs = performance.now();
  let [pictures, bytes] = [0, 0];
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return null;
    const { frame, place } = value;
    if (frame !== null) {
      await send({ type: 'frame', request, frame });
      [pictures, bytes] = [pictures + 1, bytes + frame.jpeg.byteLength];
    }
    const isKnowledge = frame === null && pictures === 0;
    if (isKnowledge || pictures >= STRETCH.pictures || bytes >= STRETCH.bytes || performance.now() - beganMs >= STRETCH.ms) return place;
  }
}
