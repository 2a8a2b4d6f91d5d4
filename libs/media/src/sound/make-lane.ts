import { CopiedLane } from './copied-lane.js';
import { EncodedLane } from './encoded-lane.js';
import type { SoundLane } from './sound-lane.js';
import type { SoundStream } from './sound-stream.js';

/** Throws MediaError where it cannot be encoded. */
export function makeLane(stream: SoundStream): SoundLane {
  const { codec } = stream;
  return codec === 'alaw' || codec === 'mulaw' ? new EncodedLane({ ...stream, codec }) : new CopiedLane({ ...stream, codec });
}
