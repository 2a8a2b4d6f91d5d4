import { linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Camera, Timeline } from '@argus/contracts';
import { isoTime } from '@argus/kernel';
import { startProduct, waitFor, withTestDatabase, type Product } from '@argus/testing';
import { Client } from 'pg';
import { startCameras } from '../argus/cameras.ts';
import { streetClip } from '../measure/clips.ts';
import { atMost, type Report } from '../measure/report.ts';
import { median, percentile } from '../measure/statistics.ts';

const CAMERAS = 16;
const SEGMENT_MS = 10_000;
const DAY_MS = 86_400_000;
/** 16 cameras of one whole day. */
const SEGMENTS = (CAMERAS * DAY_MS) / SEGMENT_MS;
/** So many of them have a file of their own: what is cut is read from disk. */
const FILES = 600;
const ASKED = 60;

/** How long it takes to the first byte of a range, and to a day of sixteen cameras, where a day of ten-second files lies in the index. */
export async function footageIndex({ quick }: { readonly quick: boolean }): Promise<Report> {
  const asked = quick ? ASKED / 3 : ASKED;
  const database = await withTestDatabase();
  const rtsp = await startCameras(1, await streetClip());
  const product = await startProduct({ env: { DATABASE_URL: database.url } });
  const client = new Client({ connectionString: database.url });
  try {
    await client.connect();
    const { cameras, dayMs } = await fill(product, client, rtsp.url(rtsp.paths[0] as string));
    const day = `from=${isoTime(dayMs)}&to=${isoTime(dayMs + DAY_MS)}`;
    const timelines = [];
    for (let index = 0; index < asked; index += 1) {
      const startedMs = performance.now();
      const { cameras: told } = await product.api<Timeline>('GET', `/timeline?camera=${cameras.join(',')}&${day}`);
      timelines.push(performance.now() - startedMs);
      if (told.some(({ spans }) => spans.length === 0)) throw new Error('a camera of the timeline has no footage');
    }
    const cuts = [];
    for (let index = 0; index < asked; index += 1) cuts.push(await firstByteMs(product, cameras[0] as string, dayMs + ((index * 37) % (FILES - 40)) * SEGMENT_MS + 3700));
    const { rows } = await client.query<{ count: string }>('SELECT count(*) AS count FROM recording_segments');
    return reportOf(timelines, cuts, Number(rows[0]?.count));
  } finally {
    await client.end().catch(() => undefined);
    await product.stop();
    await rtsp.kill();
    await database.close();
  }
}

/** Records a camera for half a minute, and makes a day of sixteen others of a whole segment of it. */
async function fill(product: Product, client: Client, url: string): Promise<{ cameras: string[]; dayMs: number }> {
  const add = async (name: string, isRecorded: boolean) => (await product.api<Camera>('POST', '/cameras', { name, url, enabled: isRecorded, recording: { mode: isRecorded ? 'continuous' : 'off', keepDays: 3650 } })).id;
  const source = await add('Source', true);
  const cameras: string[] = [];
  for (let index = 0; index < CAMERAS; index += 1) cameras.push(await add(`Camera ${index + 1}`, false));
  const made = await waitFor(async () => (await client.query<{ path: string }>('SELECT path FROM recording_segments ORDER BY start_at OFFSET 1 LIMIT 1')).rows[0], 60_000, () => 'nothing was recorded');
  await product.api('DELETE', `/cameras/${source}`);
  const dayMs = Math.floor((Date.now() - 3 * DAY_MS) / DAY_MS) * DAY_MS;
  const root = join(product.dataDir, 'recordings');
  for (let index = 0; index < FILES; index += 1) {
    const path = join(root, pathOf(cameras[0] as string, dayMs + index * SEGMENT_MS));
    mkdirSync(dirname(path), { recursive: true });
    linkSync(join(root, made.path), path);
  }
  await client.query(
    `INSERT INTO recording_segments SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'camera_id', camera,
       'path', camera || '/' || to_char(to_timestamp($2 / 1000.0 + n * 10) AT TIME ZONE 'UTC', 'YYYY-MM-DD') || '/' || ($2 + n * 10000)::bigint || '-bench.mp4',
       'start_at', to_timestamp($2 / 1000.0 + n * 10), 'end_at', to_timestamp($2 / 1000.0 + n * 10 + 10)))).*
     FROM recording_segments AS one, unnest($1::text[]) AS camera, generate_series(0, $3::int) AS n WHERE one.path = $4`,
    [cameras, dayMs, DAY_MS / SEGMENT_MS - 1, made.path],
  );
  // The test database commits without waiting for its log: what is not in it yet is not seen as old by the vacuum.
  await client.query('CHECKPOINT');
  await client.query('VACUUM ANALYZE recording_segments');
  return { cameras, dayMs };
}

const pathOf = (camera: string, startMs: number): string => `${camera}/${isoTime(startMs).slice(0, 10)}/${startMs}-bench.mp4`;

/** A minute of footage: until its first byte is here. The rest is read too, so that nothing of it disturbs the next. */
async function firstByteMs({ url, token }: Product, camera: string, fromMs: number): Promise<number> {
  const startedMs = performance.now();
  const response = await fetch(`${url}/api/v1/cameras/${camera}/footage.mp4?from=${isoTime(fromMs)}&to=${isoTime(fromMs + 60_000)}`, { headers: { authorization: `Bearer ${token}` } });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  const ms = performance.now() - startedMs;
  if (!response.ok || !first?.value?.length) throw new Error(`a range of footage was answered with ${response.status}`);
  while (!(await reader?.read())?.done);
  return ms;
}

function reportOf(timelines: readonly number[], cuts: readonly number[], segments: number): Report {
  const row = (name: string, values: readonly number[]) => [name, values.length, median(values), percentile(values, 0.95), Math.max(...values)];
  return {
    benchmark: 'footage',
    targets: [atMost('first byte of a minute, p95', percentile(cuts, 0.95), 300, ' ms'), atMost('a day of sixteen cameras, p95', percentile(timelines, 0.95), 100, ' ms')],
    tables: [{ title: `Footage: ${segments} segments in the index (${SEGMENTS} are a day of ${CAMERAS} cameras), over HTTP, milliseconds`, head: ['asked for', 'times', 'median', 'p95', 'longest'], rows: [row('first byte of a minute', cuts), row('timeline of a day', timelines)] }],
    notes: [`a camera records in none of this time; ${FILES} of the segments have files (one file under many names: its blocks are in memory after the first), the others only rows`],
    figures: { segments, cuts, timelines },
  };
}
