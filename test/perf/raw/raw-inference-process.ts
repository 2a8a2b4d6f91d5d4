import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { InferenceOrder } from './raw-side.ts';

/**
 * The least that infers: the package's own graph in ONNX Runtime, one thread that does not spin, its float32 input ready, outputs
 * thrown away. One argument: the order as JSON. Answers every message with the number of runs.
 */
const order = JSON.parse(process.argv[2] ?? '') as InferenceOrder;
let runs = 0;

process.on('message', () => process.send?.(runs));
process.on('disconnect', () => process.exit(0));

const spinning = { allow_spinning: '0' };
const session = await InferenceSession.create(readFileSync(order.model), {
  intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  extra: { session: { intra_op: spinning, inter_op: spinning } },
});
const values = Float32Array.from(readFileSync(order.pixels).subarray(-elements()), (value) => (value - order.mean) / order.std);
const feeds = { [order.input]: new Tensor('float32', values, order.dims) };

let dueMs = performance.now() + order.phaseMs;
for (;;) {
  // Whoever is behind does not wait, but lets messages in.
  await sleep(Math.max(0, dueMs - performance.now()));
  dueMs = Math.max(dueMs + 1000 / order.perSecond, performance.now() - 1000);
  await session.run(feeds);
  runs += 1;
}

function elements(): number {
  return order.dims.reduce((product, size) => product * size, 1);
}
