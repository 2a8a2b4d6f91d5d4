import { Frame } from 'node-av/lib';

/** More than the pictures in hand at once in a busy child; beyond it they are given back to the system. */
const MOST_SPARE = 64;

/** Empty native frames for the next pictures: one that is made anew is registered for clean-up and collected. */
const spare: Frame[] = [];

export function takeFrame(): Frame {
  const kept = spare.pop();
  if (kept !== undefined) return kept;
  const frame = new Frame();
  frame.alloc();
  return frame;
}

/** Its pixels are let go; whoever gives it back must not look at it again. */
export function giveFrameBack(frame: Frame): void {
  if (spare.length >= MOST_SPARE) return frame.free();
  frame.unref();
  spare.push(frame);
}
