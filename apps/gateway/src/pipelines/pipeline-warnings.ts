import type { Camera, CameraId, ModelId, ModelSummary, Pipeline, RuleSettings, Warning } from '@argus/contracts';

/** Everything that looks for something by the name of a label, and what knows labels. */
export interface Surroundings {
  readonly cameras: readonly Pick<Camera, 'id' | 'name' | 'pipelineId' | 'labels'>[];
  readonly rules: readonly Pick<RuleSettings, 'name' | 'enabled' | 'cameraIds' | 'labels'>[];
  readonly models: readonly ModelSummary[];
}

type Judged = Pick<Pipeline, 'id' | 'isDefault' | 'detector' | 'routes' | 'rollout'>;

/** What will not work, and what nobody would find any more after the trial. No reason to refuse: models and rules come and go. */
export function pipelineWarnings(pipeline: Judged, { cameras, rules, models }: Surroundings): Warning[] {
  const own = cameras.filter((camera) => camera.pipelineId === pipeline.id || (pipeline.isDefault && camera.pipelineId === null));
  const find = (id: ModelId) => models.find((model) => model.id === id);
  const missing = absence('detector', pipeline.detector, find(pipeline.detector));
  if (!pipeline.rollout) return missing;
  const { candidate, canaryCameraIds } = pipeline.rollout;
  const model = find(candidate);
  const lost = model ? lostLabels(model, find(pipeline.detector)) : () => [];
  return [
    ...missing,
    ...absence('candidate', candidate, model),
    ...whoMisses('rules', candidate, 'rules look for', rulesOf(own.map(({ id }) => id), rules).map(({ name, labels }) => ({ name, labels: lost(labels) }))),
    ...whoMisses('routes', candidate, 'the second stage needs', pipeline.routes.map((route) => ({ name: route.model, labels: lost(route.labels) }))),
    ...whoMisses('cameras', candidate, 'cameras look for', own.map(({ name, labels }) => ({ name, labels: lost(labels ?? []) }))),
    ...strangers(canaryCameraIds, own, cameras),
  ];
}

function absence(role: 'detector' | 'candidate', id: ModelId, model: ModelSummary | undefined): Warning[] {
  const problem = modelProblem(role, id, model);
  return problem ? [problem] : [];
}

/** Why a model cannot do its work; null when it can, or may yet. */
export function modelProblem(role: 'detector' | 'candidate', id: ModelId, model: Pick<ModelSummary, 'state' | 'problem'> | undefined): Warning | null {
  if (!model) return { code: `${role}-missing`, text: `the ${role} "${id}" is not installed`, values: { model: id } };
  if (model.state !== 'refused') return null;
  const why = model.problem ?? 'no reason given';
  return { code: `${role}-refused`, text: `the ${role} "${id}" was refused: ${why}`, values: { model: id, why } };
}

/** Labels that the detector in use finds and the candidate does not; every unknown one where the detector is not known. */
const lostLabels = (candidate: ModelSummary, detector: ModelSummary | undefined) => (wanted: readonly string[]): string[] =>
  wanted.filter((label) => !candidate.labels.includes(label) && (detector?.labels.includes(label) ?? true));

const rulesOf = (cameraIds: readonly CameraId[], rules: Surroundings['rules']): Surroundings['rules'] =>
  rules.filter((rule) => rule.enabled && (rule.cameraIds === null ? cameraIds.length > 0 : rule.cameraIds.some((id) => cameraIds.includes(id))));

function whoMisses(who: 'rules' | 'routes' | 'cameras', candidate: ModelId, need: string, users: readonly { name: string; labels: readonly string[] }[]): Warning[] {
  const hit = users.filter((user) => user.labels.length > 0);
  if (hit.length === 0) return [];
  const [labels, names] = [[...new Set(hit.flatMap((user) => user.labels))].sort().join(', '), named(hit)];
  return [{ code: `labels-of-${who}`, text: `the candidate "${candidate}" does not know ${labels}, which ${need}: ${names}`, values: { model: candidate, labels, names } }];
}

function strangers(canaries: readonly CameraId[], own: Surroundings['cameras'], cameras: Surroundings['cameras']): Warning[] {
  const others = cameras.filter((camera) => canaries.includes(camera.id) && !own.includes(camera));
  return others.length === 0 ? [] : [{ code: 'canaries-elsewhere', text: `these canary cameras use another pipeline: ${named(others)}`, values: { names: named(others) } }];
}

function named(things: readonly { name: string }[]): string {
  const names = [...new Set(things.map((thing) => thing.name))];
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
}
