import { parentPort, workerData } from 'node:worker_threads';
import { readModelPackage } from '../package/read-model-package.js';
import type { Tensor } from '../tensor/tensor.js';
import { toErrorData } from './error-data.js';
import { openModel, type ModelSession } from './model-session.js';
import { SlotReader } from './slot-reader.js';
import type { FromWorker, RunRequest, WorkerData } from './worker-messages.js';

const { path, options } = workerData as WorkerData;
const reader = new SlotReader();
const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

async function run(session: ModelSession, { id, input, count }: RunRequest): Promise<void> {
  try {
    const { width, height } = session.manifest.input;
    const start = performance.now();
    const pixels = reader.read(input, count * width * height * 3);
    const ready = performance.now();
    const outputs = (await session.run(pixels, count)).map(transferable);
    const end = performance.now();
    send({ type: 'done', id, outputs, readMs: ready - start, computeMs: end - ready }, outputs.map(({ data }) => data.buffer));
  } catch (error) {
    send({ type: 'failed', id, error: toErrorData(error) });
  }
}

/** Memory that native code owns cannot be transferred: only a plain buffer that holds nothing else can. */
function transferable({ data, dims }: Tensor): { data: Float32Array<ArrayBuffer>; dims: readonly number[] } {
  const { buffer } = data;
  const whole = buffer instanceof ArrayBuffer && data.byteLength === buffer.byteLength;
  return { data: whole ? new Float32Array(buffer) : Float32Array.from(data), dims };
}

try {
  const start = performance.now();
  const session = await openModel(await readModelPackage(path), options);
  const { manifest, provider, fallback, batch } = session;
  // One at a time and in order: the session blocks this thread anyway, and the slot buffer is shared.
  let queue = Promise.resolve();
  parentPort?.on('message', (request: RunRequest) => {
    queue = queue.then(() => run(session, request));
  });
  send({ type: 'opened', manifest, provider, fallback, batch, openMs: performance.now() - start });
} catch (error) {
  send({ type: 'refused', error: toErrorData(error) });
}
