import { readFile } from 'node:fs/promises';
import { Camera, PipelineSettings, type CameraId, type Detections, type ModelId, type PipelineId, type TrackedObject } from '@argus/contracts';
import { messageOf, newId, silentLogger } from '@argus/kernel';
import { openClip, type ClipReader, type VideoFrame } from '@argus/media';
import { DetectionFilter } from '@argus/pipeline';
import type { CameraPlan } from '../config/config-diff.js';
import { SettingsError } from '../errors.js';
import { ModelRegistry } from '../models/model-registry.js';
import { CameraPipeline } from '../pipeline.js';
import { OfflineFrame, OfflineModel } from './offline-frame.js';
import type { AnalyzeOptions } from './options.js';
import type { ResultFrame, ResultObject } from './output.js';

/** Raw detections are given from here on, so that precision can be drawn against recall. */
const RAW_SCORE = 0.05;
const DEFAULT_PIPELINE = {
  name: 'default',
  detector: 'nanodet-g-416',
  routes: [{ labels: ['person'], model: 'movenet-posture-192', attribute: 'posture', refreshSeconds: 2 }],
};

export interface AnalyzedClip {
  readonly clip: ClipReader;
  /** One result per analysed picture, in order. Closes everything at its end. */
  results(): AsyncGenerator<ResultFrame, void, undefined>;
}

/** Opens clip, models and pipeline. Throws SettingsError for wrong settings, SourceError for a clip that cannot be read. */
export async function analyzeClip(options: AnalyzeOptions): Promise<AnalyzedClip> {
  const settings = await pipelineOf(options);
  const clip = await openClip(options.file);
  const registry = new ModelRegistry(options.modelDirs, silentLogger);
  await registry.scan();
  const detector = await OfflineModel.open(settings.detector, registry);
  const classifiers = new Map<ModelId, OfflineModel>();
  if (options.stage === 'classify') for (const route of settings.routes) if (!classifiers.has(route.model)) classifiers.set(route.model, await OfflineModel.open(route.model, registry));
  const stages = options.stage === 'detect' ? rawDetections(options) : tracked(planOf(settings, options), detector);
  // Wall time is media time: nothing that is written depends on the day.
  const frameOf = (picture: VideoFrame): OfflineFrame => new OfflineFrame(picture, picture.ptsUs / 1000, detector, classifiers, settings.tiling);
  return { clip, results: () => run(clip, options.every, (picture) => stages(frameOf(picture)), [detector, ...classifiers.values()]) };
}

type Stages = (frame: OfflineFrame) => Promise<readonly ResultObject[]>;

async function* run(clip: ClipReader, every: number, objectsIn: (picture: VideoFrame) => Promise<readonly ResultObject[]>, models: readonly OfflineModel[]): AsyncGenerator<ResultFrame, void, undefined> {
  let index = -1;
  try {
    for await (const picture of clip.frames()) {
      index += 1;
      try {
        if (index % every === 0) yield { frame: index, ptsUs: picture.ptsUs, objects: await objectsIn(picture) };
      } finally {
        picture.free();
      }
    }
  } finally {
    await Promise.all([clip.close(), ...models.map((model) => model.close())]);
  }
}

function rawDetections(options: AnalyzeOptions): Stages {
  const filter = new DetectionFilter({ labels: options.labels, minScore: RAW_SCORE });
  return async (frame) => objectsOf(filter.apply(await frame.detect(RAW_SCORE)));
}

function tracked(plan: CameraPlan, detector: OfflineModel): Stages {
  const pipeline = new CameraPipeline(plan, { detector: detector.session.manifest, pace: 'offline' });
  return async (frame) => ((await pipeline.analyse(frame))?.objects ?? []).map(resultOf);
}

const resultOf = ({ number, label, score, box, attributes }: TrackedObject): ResultObject => ({ number, label, score, box, attributes });

function objectsOf({ count, boxes, scores, labels, labelNames }: Detections): ResultObject[] {
  return Array.from({ length: count }, (_, row) => {
    const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(row * 4, row * 4 + 4);
    return { number: -1, label: labelNames[labels[row] ?? 0] ?? '', score: scores[row] ?? 0, box: { x, y, width, height }, attributes: {} };
  });
}

async function pipelineOf(options: AnalyzeOptions): Promise<PipelineSettings> {
  const given: unknown = options.pipelineFile === null ? DEFAULT_PIPELINE : await readJson(options.pipelineFile);
  const named = typeof given === 'object' && given !== null ? { name: 'from file', ...given, ...(options.detector === null ? {} : { detector: options.detector }) } : given;
  const parsed = PipelineSettings.safeParse(named);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'pipeline'}: ${issue.message}`).join('; ');
  throw new SettingsError(`${options.pipelineFile ?? '--detector'}: ${problems}`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SettingsError(`--pipeline ${path}: ${messageOf(error)}`, {}, { cause: error });
  }
}

/** The clip as a camera without zones and rules. Second-stage routes are left out when they are not asked for. */
function planOf(settings: PipelineSettings, options: AnalyzeOptions): CameraPlan {
  const made = { createdAt: '1970-01-01T00:00:00.000Z', updatedAt: '1970-01-01T00:00:00.000Z' };
  const camera = Camera.parse({ id: newId<CameraId>(), name: options.file.slice(0, 120), url: 'file:///', labels: options.labels ? [...options.labels] : null, ...made });
  const routes = options.stage === 'classify' ? settings.routes : [];
  return { camera, pipeline: { ...settings, routes, id: newId<PipelineId>(), isDefault: true, ...made }, rules: [] };
}
