import { processUsage } from '@argus/kernel';
import { decodePicture, type PictureResult } from '../families/picture-result.js';
import { readModelPackage } from '../package/read-model-package.js';
import { toErrorData } from './error-data.js';
import { openModel, type ModelSession } from './model-session.js';
import { SlotReader } from './slot-reader.js';
import type { FromWorker, PictureRequest, ToWorker } from './worker-messages.js';

/**
 * A process with one open model. Runs are answered in order, one at a time: the session blocks the process anyway. The parent kills
 * it when it hangs; a native fault here takes nobody else down.
 */
const reader = new SlotReader();
let session: ModelSession | null = null;
let queue = Promise.resolve();

const send = (message: FromWorker): void => {
  // The parent may be gone a moment before we are told: 'disconnect' follows and ends us.
  if (process.connected) process.send?.(message);
};

process.on('disconnect', () => process.exit(0));
// The parent decides when it ends; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => {
  if (message.type === 'open') queue = queue.then(() => open(message));
  else queue = queue.then(() => run(message.id, message.pictures));
});

async function open({ path, options }: Extract<ToWorker, { type: 'open' }>): Promise<void> {
  try {
    const start = performance.now();
    session = await openModel(await readModelPackage(path), options);
    const { manifest, provider, fallback, batch } = session;
    send({ type: 'opened', manifest, provider, fallback, batch, openMs: performance.now() - start });
  } catch (error) {
    send({ type: 'refused', error: toErrorData(error) });
  }
}

async function run(id: number, pictures: readonly PictureRequest[]): Promise<void> {
  if (!session) return;
  const startedAtMs = performance.timeOrigin + performance.now();
  try {
    const { manifest } = session;
    const start = performance.now();
    const pixels = reader.read(pictures.map((picture) => picture.pixels), manifest.input.width * manifest.input.height * 3);
    const ready = performance.now();
    const outputs = await session.run(pixels, pictures.length, Math.min(...pictures.map(({ view }) => view?.minScore ?? 0)));
    const computed = performance.now();
    const results = pictures.map(({ view }, index) => withoutNames(decodePicture(manifest, outputs, index, view)));
    send({ type: 'done', id, results, startedAtMs, readMs: ready - start, computeMs: computed - ready, decodeMs: performance.now() - computed, usage: processUsage() });
  } catch (error) {
    send({ type: 'failed', id, error: toErrorData(error) });
  }
}

/** The parent has the manifest: its labels need not be sent with every answer. */
const withoutNames = (result: PictureResult): PictureResult => (result.kind === 'detections' ? { kind: 'detections', detections: { ...result.detections, labelNames: [] } } : result);
