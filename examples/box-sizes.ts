/**
 * @title Export COCO and see how large the boxes are
 * @title:zh 导出 COCO 并统计框的大小
 * @summary Has a sample set exported as COCO, downloads and checks the file, and prints a histogram of box sizes: what is hardly there in small will not be found in small.
 * @summary:zh 将样本集导出为 COCO，下载并校验文件，打印框大小的直方图：样本中小目标少，模型就难以找到小目标。
 * @keywords COCO, export, histogram, size, small objects, 导出, 直方图, 框大小, 小目标
 * @needs dataset.read, dataset.write, dataset.export
 * @run node examples/box-sizes.ts Streets
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '@argus/api-client';
import { openFileTree } from '@argus/datasets';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const [name] = process.argv.slice(2);
const { items: sets } = await client.call('listDatasets', { query: { limit: 500 } });
const set = sets.find((one) => one.name === name);
if (set === undefined) throw new Error(`expected the name of a sample set, got "${name ?? ''}"; there are: ${sets.map((one) => one.name).join(', ')}`);

let job = await client.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'export', format: 'coco' } });
while (job.state === 'queued' || job.state === 'running') {
  await sleep(500);
  job = await client.call('getDatasetJob', { params: { id: job.id } });
}
if (job.result?.kind !== 'export') throw new Error(`the export is ${job.state}: ${job.problem ?? 'nobody said why'}`);

const content = Buffer.from(await (await client.call('getDatasetJobFile', { params: { id: set.id, jobId: job.id } })).arrayBuffer());
const digest = createHash('sha256').update(content).digest('hex');
if (digest !== job.result.sha256) throw new Error(`the file was damaged on its way: expected ${job.result.sha256}, got ${digest}`);
const folder = await mkdtemp(join(tmpdir(), 'argus-coco-'));
try {
  await writeFile(join(folder, 'set.zip'), content);
  const files = await openFileTree(join(folder, 'set.zip'));
  const { annotations } = JSON.parse(Buffer.from(await files.read('annotations/instances_default.json')).toString()) as { annotations: { bbox: [number, number, number, number] }[] };
  await files.close();
  // By the square root of the area, each bin twice as large as the one before: 8, 16, 32 … pixels.
  const bins = new Map<number, number>();
  for (const { bbox: [, , width, height] } of annotations) {
    const bin = 2 ** Math.floor(Math.log2(Math.max(1, Math.sqrt(width * height))));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const most = Math.max(1, ...bins.values());
  for (const [bin, count] of [...bins].sort(([a], [b]) => a - b)) console.log(`${String(bin).padStart(5)}-${String(bin * 2).padEnd(5)} px ${'#'.repeat(Math.ceil((count / most) * 40))} ${count}`);
  console.log(`${annotations.length} boxes in ${job.result.samples} pictures`);
} finally {
  await rm(folder, { recursive: true });
}
