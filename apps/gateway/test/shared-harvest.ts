import type { Camera, CameraId, HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { makeSegment } from './footage-files.js';
import { settledRun, startRun } from './harvest-runs.js';
import { connectEngine, type RunningGateway } from './running-gateway.js';

export const CAMERAS = 32;
export const SEGMENTS = 3;
/** 19:00 in Shanghai. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');
const RECIPE = {
  cameras: { include: [{ kind: 'keyword', pattern: '街道' }] },
  calendar: { dates: { kind: 'range', from: '2026-11-01', to: '2026-11-30' }, windows: [{ from: '19:00', to: '21:00' }] },
  dropNearDuplicates: false,
};

export interface Taken {
  readonly camera: string;
  readonly video: string;
  readonly frame: number;
  readonly sha256: string;
}

/** Footage of 32 cameras, of which no two pictures are alike, and runs over all of it. */
export class SharedHarvest {
  constructor(
    private readonly gateway: RunningGateway,
    /** Of each file every so many pictures are taken; it has a hundred. */
    private readonly every: number,
    /** Of the JPEGs: pictures of another one are others. */
    private readonly jpegQuality = 92,
  ) {}

  /** In the order of cameras. */
  async recordAll(): Promise<CameraId[]> {
    const engine = await connectEngine(this.gateway);
    const cameras: CameraId[] = [];
    for (let camera = 0; camera < CAMERAS; camera += 1) {
      const { id } = (await this.gateway.owner.call('createCamera', { body: { name: `街道 ${camera}`, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } } })).body as Camera;
      cameras.push(id as CameraId);
      for (let at = 0; at < SEGMENTS; at += 1) {
        const segment = makeSegment(this.gateway.settings.recordingsDir, { cameraId: id as CameraId, startMs: SEVEN + at * 4000, size: '128x96', from: (camera * SEGMENTS + at) * 4 });
        engine.send({ type: 'segment', entry: segment.id, segment });
        await new Promise((wake) => setImmediate(wake));
      }
    }
    await waitFor(() => engine.acks.length === CAMERAS * SEGMENTS, 20_000);
    engine.close();
    return cameras;
  }

  async begin(name: string): Promise<HarvestRun> {
    const saved = (await this.gateway.owner.call('createHarvestRecipe', { body: { ...RECIPE, sampling: { kind: 'frames', every: this.every }, jpegQuality: this.jpegQuality, name } })).body as SavedHarvestRecipe;
    return startRun(this.gateway.owner, saved);
  }

  async now({ id }: HarvestRun): Promise<HarvestRun> {
    return (await this.gateway.owner.call('getHarvestRun', { params: { id } })).body as HarvestRun;
  }

  done(run: HarvestRun): Promise<HarvestRun> {
    return settledRun(this.gateway.owner, run);
  }

  takenBy({ datasetId }: HarvestRun): Promise<Taken[]> {
    return this.gateway.dataSource.query(`SELECT group_name AS camera, video, frame_index AS frame, encode(sha256, 'hex') AS sha256 FROM dataset_samples WHERE dataset_id = $1 ORDER BY video, frame_index`, [datasetId]) as Promise<Taken[]>;
  }
}
