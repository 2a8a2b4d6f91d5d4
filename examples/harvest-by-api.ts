/**
 * @title Harvest by camera name and hours, with the API
 * @title:zh 用 API 按摄像机名称和时段抽帧
 * @summary Takes pictures of all cameras whose name has a word, of certain hours, into a new sample set: looks first how much that would be, runs the recipe, and says what came of it.
 * @summary:zh 对名称含某个词的所有摄像机，在指定时段抽取图片到新样本集：先预览数量，再运行方案并报告结果。
 * @keywords harvest, recipe, API, hours, pictures, camera name, 抽帧, 方案, 时段, 街道
 * @needs harvest.read, harvest.run, dataset.read
 * @run node examples/harvest-by-api.ts 街道 19:00 21:00 --name Streets
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createApiClient } from '@argus/api-client';
import { HarvestRecipe } from '@argus/contracts';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const { values, positionals: [word = '街道', from = '19:00', to = '21:00'] } = parseArgs({ allowPositionals: true, options: { name: { type: 'string', default: 'Example harvest' }, seconds: { type: 'string', default: '5' } } });

const recipe = HarvestRecipe.parse({
  name: values.name,
  cameras: { include: [{ kind: 'keyword', pattern: word }] },
  // Local time of each camera; the same hours in summer and winter.
  calendar: { dates: { kind: 'all' }, windows: [{ from, to }] },
  sampling: { kind: 'seconds', every: Number(values.seconds) },
  purpose: 'detector',
});
const preview = await client.call('previewHarvest', { body: recipe });
console.log(`${preview.cameras} cameras (${preview.cameraNames.join(', ')}), ${preview.footageSeconds} s of footage, ${preview.frames} pictures at most`);

const { id } = await client.call('createHarvestRecipe', { body: recipe });
let run = await client.call('startHarvestRun', { params: { id } });
while (run.state === 'queued' || run.state === 'running') {
  await sleep(500);
  run = await client.call('getHarvestRun', { params: { id: run.id } });
}
if (run.state !== 'done' || run.datasetId === null) throw new Error(`the run is ${run.state}: ${run.problem ?? 'nobody said why'}`);
const set = await client.call('getDataset', { params: { id: run.datasetId } });
console.log(`${run.samples.added} pictures are in the set "${set.name}" (${set.id}); ${run.samples.near} were nearly the same as others`);
