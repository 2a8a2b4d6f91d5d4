import { isDeepStrictEqual } from 'node:util';
import { hasMainStream, type Camera, type CameraId, type EngineConfig, type EngineProblem, type Pipeline, type PipelineId, type Rule } from '@argus/contracts';

/** A camera with everything that applies to it: what one runtime needs to know. */
export interface CameraPlan {
  readonly camera: Camera;
  readonly pipeline: Pipeline;
  readonly rules: readonly Rule[];
}

/** What a change of configuration means for what runs. Each camera is in at most one list. */
export interface ConfigChange {
  /** New, or its source must be opened again: another URL, switched on or off. */
  readonly start: readonly CameraPlan[];
  /** Its source goes on; zones, labels, rules, rates, gate or models differ. */
  readonly configure: readonly CameraPlan[];
  readonly remove: readonly CameraId[];
  readonly problems: readonly EngineProblem[];
}

/** Plans by camera id. A camera whose pipeline is unknown runs on the default one and is named in `problems`. */
export function plansOf(config: EngineConfig): { plans: Map<CameraId, CameraPlan>; problems: ConfigChange['problems'] } {
  const byId = new Map(config.pipelines.map((pipeline) => [pipeline.id, pipeline]));
  const fallback = config.pipelines.find((pipeline) => pipeline.isDefault) ?? config.pipelines[0];
  const plans = new Map<CameraId, CameraPlan>();
  const problems: EngineProblem[] = [];
  for (const camera of config.cameras) {
    const pipeline = pipelineFor(camera.pipelineId, byId) ?? fallback;
    if (!pipeline) {
      problems.push(withoutPipeline(camera));
      continue;
    }
    if (camera.pipelineId !== null && pipeline.id !== camera.pipelineId) {
      problems.push(pipelineGone(camera, camera.pipelineId, pipeline));
    }
    const rules = config.rules.filter((rule) => rule.enabled && (rule.cameraIds === null || rule.cameraIds.includes(camera.id)));
    plans.set(camera.id, { camera, pipeline, rules });
  }
  return { plans, problems };
}

/** The least that must happen to get from what runs to what is wanted. */
export function diffConfig(running: ReadonlyMap<CameraId, CameraPlan>, wanted: EngineConfig): ConfigChange & { readonly plans: Map<CameraId, CameraPlan> } {
  const { plans, problems } = plansOf(wanted);
  const start: CameraPlan[] = [];
  const configure: CameraPlan[] = [];
  for (const [id, plan] of plans) {
    const before = running.get(id);
    if (!before || !isSameSource(before.camera, plan.camera)) start.push(plan);
    else if (!isSamePlan(before, plan)) configure.push(plan);
  }
  const remove = [...running.keys()].filter((id) => !plans.has(id));
  return { start, configure, remove, problems, plans };
}

type Urls = Pick<Camera, 'url' | 'analysisUrl'>;

/** The stream that is always open: analysed, cut for pictures, and shown on walls. */
export const sourceUrlOf = ({ url, analysisUrl }: Urls): string => analysisUrl ?? url;

/** The large stream beside it, for recordings and large views; null: there is one stream for all. */
export const mainUrlOf = (urls: Urls): string | null => (hasMainStream(urls) ? urls.url : null);

const isSameSource = (a: Camera, b: Camera): boolean => sourceUrlOf(a) === sourceUrlOf(b) && mainUrlOf(a) === mainUrlOf(b) && a.enabled === b.enabled;

/** Whether its sound may be recorded, now or at other hours. */
export const hasSound = ({ camera: { recording } }: CameraPlan): boolean => recording.audio && recording.mode !== 'off';

const withoutPipeline = ({ id, name }: Camera): EngineProblem => ({
  cameraId: id,
  code: 'camera-without-pipeline',
  text: `there is no pipeline for the camera "${name}": add one, or make one the default`,
  values: { camera: name },
});

const pipelineGone = ({ id, name }: Camera, gone: PipelineId, used: Pipeline): EngineProblem => ({
  cameraId: id,
  code: 'camera-pipeline-gone',
  text: `the pipeline of the camera "${name}", ${gone}, does not exist; "${used.name}" is used`,
  values: { camera: name, pipeline: gone, used: used.name },
});

const pipelineFor = (id: PipelineId | null, byId: ReadonlyMap<PipelineId, Pipeline>): Pipeline | undefined => (id === null ? undefined : byId.get(id));

const isSamePlan = (a: CameraPlan, b: CameraPlan): boolean => isDeepStrictEqual(a, b);
