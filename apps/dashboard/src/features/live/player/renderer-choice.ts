import type { LiveMessage } from '@argus/contracts';
import { MjpegRenderer } from './mjpeg-renderer.js';
import type { DueTime, PictureRenderer, RenderMode } from './picture-renderer.js';
import { SnapshotRenderer } from './snapshot-renderer.js';
import { WebCodecsRenderer } from './webcodecs-renderer.js';

interface Wiring {
  readonly due: DueTime;
  readonly fetchPicture: () => Promise<Blob>;
  readonly onSnapshot: () => void;
  readonly onGivenUp: (mode: RenderMode, why: string) => void;
}

type Stream = Extract<LiveMessage, { type: 'stream' }>;

/** The best way that this browser has for this stream and that has not failed before. */
export async function chooseRenderer(stream: Stream, refused: ReadonlyMap<RenderMode, string>, wiring: Wiring): Promise<{ mode: RenderMode; renderer: PictureRenderer }> {
  const may = (mode: RenderMode) => !refused.has(mode);
  if (stream.codec === 'mjpeg') return { mode: 'mjpeg', renderer: new MjpegRenderer(wiring.due) };
  if (may('webcodecs') && (await WebCodecsRenderer.supports(stream.codecString))) {
    return { mode: 'webcodecs', renderer: new WebCodecsRenderer(stream.codecString, wiring.due, (why) => wiring.onGivenUp('webcodecs', why)) };
  }
  if (may('mse') && stream.codec === 'h264') {
    const { MseRenderer } = await import('./mse-renderer.js');
    const { codecString: codec, width, height } = stream;
    if (MseRenderer.supports(codec)) return { mode: 'mse', renderer: new MseRenderer({ codec, width, height, onGivenUp: (why) => wiring.onGivenUp('mse', why) }) };
  }
  return { mode: 'snapshots', renderer: new SnapshotRenderer(wiring.fetchPicture, wiring.onSnapshot) };
}
