/**
 * @title Download the footage around an event
 * @title:zh 下载事件前后的录像
 * @summary Takes an event by its id, or the newest one, and writes the footage of its camera from some seconds before to some after as one MP4, and says what is missing in it.
 * @summary:zh 按 id 或取最新的事件，将其摄像机前后若干秒的录像写成一个 MP4，并说明其中缺少的部分。
 * @keywords footage, recording, event, MP4, download, evidence, 录像, 事件, 下载, 取证
 * @needs event.read, recording.view
 * @run node examples/footage-around-event.ts [EVENT-ID] [--before 5] [--after 10] [--out event.mp4]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createApiClient } from '@argus/api-client';
import { EventId } from '@argus/contracts';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const { values, positionals: [wanted] } = parseArgs({ allowPositionals: true, options: { before: { type: 'string', default: '5' }, after: { type: 'string', default: '10' }, out: { type: 'string', default: 'event.mp4' } } });
const event = wanted === undefined ? (await client.call('listEvents', { query: { limit: 1 } })).items[0] : await client.call('getEvent', { params: { id: EventId.parse(wanted) } });
if (event === undefined) throw new Error('there is no event yet');

const moment = (iso: string, seconds: number): string => new Date(Date.parse(iso) + seconds * 1000).toISOString();
const query = { from: moment(event.startedAt, -Number(values.before)), to: moment(event.endedAt ?? event.startedAt, Number(values.after)) };
const camera = { id: event.cameraId };
// What a film of this range would be, before it is made: where it begins, and what there is no footage of.
const plan = await client.call('getFootagePlan', { params: camera, query });
const film = await client.call('getFootage', { params: camera, query });
await writeFile(values.out, Buffer.from(await film.arrayBuffer()));
console.log(`${event.label} at ${event.cameraName}, ${event.startedAt}: ${film.size} bytes in ${values.out}, ${plan.gaps.length} gaps`);
