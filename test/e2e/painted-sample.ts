import type { CameraId, Dataset } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import type { Page } from 'playwright-core';
import type { RunningGateway } from '../../apps/gateway/test/running-gateway.js';

/** A JPEG that Chromium draws: a street in a colour, with a box at 40,60 of 120 x 180. */
export async function paintJpeg(page: Page, words: string, hue: number, width = 640, height = 360): Promise<Buffer> {
  const address = await page.evaluate(
    ({ words: text, hue: color, width: w, height: h }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      const sky = pen.createLinearGradient(0, 0, 0, h);
      sky.addColorStop(0, `hsl(${color} 40% 62%)`);
      sky.addColorStop(1, `hsl(${color} 30% 22%)`);
      pen.fillStyle = sky;
      pen.fillRect(0, 0, w, h);
      pen.fillStyle = '#222';
      pen.fillRect(0, h * 0.7, w, h * 0.3);
      pen.fillStyle = `hsl(${(color + 180) % 360} 70% 55%)`;
      pen.fillRect(w / 16, h / 6, (w * 3) / 16, h / 2);
      pen.fillStyle = '#fff';
      pen.font = `${h / 8}px sans-serif`;
      pen.fillText(text, w * 0.4, h * 0.85);
      return canvas.toDataURL('image/jpeg', 0.8);
    },
    { words, hue, width, height },
  );
  return Buffer.from(address.split(',')[1] ?? '', 'base64');
}

export interface SampleRow {
  readonly group: string;
  readonly cameraId: CameraId | null;
  readonly wallAt: string | null;
  readonly labels?: readonly string[];
}

/** Puts pictures and rows in as the worker puts them. */
export class SampleFeeder {
  private constructor(
    private readonly gateway: RunningGateway,
    private readonly store: SampleStore,
  ) {}

  static async open(gateway: RunningGateway): Promise<SampleFeeder> {
    return new SampleFeeder(gateway, await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 }));
  }

  /** @returns its digest */
  async picture(content: Buffer, thumbnail: Buffer): Promise<string> {
    const [sha256, small] = await Promise.all([content, thumbnail].map(async (bytes) => Buffer.from((await this.store.put(bytes, { extension: 'jpg', owner: 'test' })).sha256, 'hex')));
    await this.store.commit();
    await this.gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, thumbnail, created_at) VALUES ($1, 'image/jpeg', $2, 640, 360, $3, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength, small]);
    return (sha256 as Buffer).toString('hex');
  }

  async sample({ id }: Dataset, sha256: string, { group, cameraId, wallAt, labels = [] }: SampleRow): Promise<void> {
    const annotations = labels.map((label, at) => ({ id: label, kind: 'box', label, box: { x: 40 + at * 200, y: 60, width: 120, height: 180 }, points: null, runs: null, track: null, occluded: false, score: 0.87, model: null, state: 'auto', attributes: {} }));
    await this.gateway.dataSource.query(
      `INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, wall_at, time_zone, annotations, labels, sharpness, brightness, phash, added_at)
       VALUES ($1, $2, $3, $4, $5, 'segment-7.mp4', 42, $6, 'Asia/Shanghai', $7, $8, 20 + 300 * random(), random(), -1, now())`,
      [id, Buffer.from(sha256, 'hex'), `${sha256.slice(0, 8)}.jpg`, group, cameraId, wallAt, JSON.stringify(annotations), labels],
    );
  }

  /** So many rows of several groups, one a minute, whose pictures all have the same thumbnail. */
  async many({ id }: Dataset, count: number, groups: number, thumbnail: string): Promise<void> {
    const digest = `decode(md5('${id}' || n) || md5(n || '${id}'), 'hex')`;
    await this.gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, thumbnail, created_at) SELECT ${digest}, 'image/jpeg', 90000, 1920, 1080, $1, now() FROM generate_series(1, $2::int) AS n`, [Buffer.from(thumbnail, 'hex'), count]);
    await this.gateway.dataSource.query(
      `INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, wall_at, time_zone, annotations, labels, sharpness, brightness, phash, split, added_at)
       SELECT $1, ${digest}, n || '.jpg', 'Camera ' || lpad((n % $3::int)::text, 2, '0'), '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 minute' / $3::int, 'UTC',
         jsonb_build_array(jsonb_build_object('id', 'a', 'kind', 'box', 'label', 'person', 'box', jsonb_build_object('x', 1, 'y', 2, 'width', n % 300 + 1, 'height', 40))), '{person}', n % 500, (n % 100) / 100.0, -1, CASE WHEN n % 5 = 0 THEN 'val' END, now()
       FROM generate_series(1, $2::int) AS n`,
      [id, count, groups],
    );
    await this.gateway.dataSource.query('ANALYZE dataset_samples; ANALYZE pictures');
    await this.changed(id, []);
  }

  async changed(id: string, cameraIds: readonly CameraId[]): Promise<void> {
    await this.gateway.dataSource.query('UPDATE datasets SET revision = revision + 1, updated_at = now(), camera_ids = $2 WHERE id = $1', [id, cameraIds]);
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
