import { Camera, EngineConfig, Pipeline, Rule, TuningProfile, type CameraId, type ModelId, type PipelineId, type RuleId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { diffConfig, plansOf } from './config-diff.js';

const at = '2026-01-01T00:00:00.000Z';
const made = { createdAt: at, updatedAt: at };
const pipeline = (values: Partial<Pipeline> = {}): Pipeline => Pipeline.parse({ id: newId<PipelineId>(), name: 'p', detector: 'd' as ModelId, isDefault: true, ...made, ...values });
const camera = (values: Partial<Camera> = {}): Camera => Camera.parse({ id: newId<CameraId>(), name: 'c', url: 'rtsp://10.0.0.1/1', ...made, ...values });
const rule = (values: Partial<Rule> = {}): Rule => Rule.parse({ id: newId<RuleId>(), name: 'r', condition: { kind: 'count', comparison: 'over', threshold: 3 }, ...made, ...values });
const config = (values: Partial<EngineConfig>): EngineConfig => ({ revision: 1, cameras: [], pipelines: [pipeline()], rules: [], tuning: TuningProfile.parse({}), ...values });

const [a, b] = [camera({ name: 'a' }), camera({ name: 'b' })];
const c = camera({ name: 'c', analysisUrl: 'rtsp://10.0.0.3/2' });
const base = config({ cameras: [a, b] });
const running = plansOf(base).plans;
const change = (next: Partial<EngineConfig>) => {
  const before = next.cameras?.some(({ id }) => id === c.id) ? plansOf({ ...base, cameras: [...base.cameras, c] }).plans : running;
  const diff = diffConfig(before, { ...base, ...next });
  return { start: diff.start.map((plan) => plan.camera.name), configure: diff.configure.map((plan) => plan.camera.name), remove: diff.remove.length };
};

describe('diffConfig', () => {
  it.each<[string, Partial<EngineConfig>, ReturnType<typeof change>]>([
    ['nothing', {}, { start: [], configure: [], remove: 0 }],
    ['another URL', { cameras: [{ ...a, url: 'rtsp://10.0.0.9/1' }, b] }, { start: ['a'], configure: [], remove: 0 }],
    ['a stream for analysis', { cameras: [{ ...a, analysisUrl: 'rtsp://10.0.0.1/2' }, b] }, { start: ['a'], configure: [], remove: 0 }],
    ['another main stream beside it', { cameras: [{ ...c, url: 'rtsp://10.0.0.9/1' }] }, { start: ['c'], configure: [], remove: 2 }],
    ['switched off', { cameras: [{ ...a, enabled: false }, b] }, { start: ['a'], configure: [], remove: 0 }],
    ['a zone', { cameras: [{ ...a, labels: ['person'] }, b] }, { start: [], configure: ['a'], remove: 0 }],
    ['a new camera', { cameras: [a, b, camera({ name: 'c' })] }, { start: ['c'], configure: [], remove: 0 }],
    ['a removed camera', { cameras: [b] }, { start: [], configure: [], remove: 1 }],
    ['a rule for one camera', { rules: [rule({ cameraIds: [b.id] })] }, { start: [], configure: ['b'], remove: 0 }],
    ['a rule for all', { rules: [rule()] }, { start: [], configure: ['a', 'b'], remove: 0 }],
    ['a rule that is off', { rules: [rule({ enabled: false })] }, { start: [], configure: [], remove: 0 }],
    ['the default pipeline', { pipelines: [{ ...(base.pipelines[0] as Pipeline), analysisFps: 2 }] }, { start: [], configure: ['a', 'b'], remove: 0 }],
  ])('%s', (_what, next, expected) => {
    expect(change(next)).toEqual(expected);
  });

  it('runs a camera on the default pipeline when its own is gone, and says so', () => {
    const orphan = camera({ pipelineId: newId<PipelineId>() });
    const { plans, problems } = plansOf(config({ cameras: [orphan] }));
    expect(plans.get(orphan.id)?.pipeline.isDefault).toBe(true);
    expect(problems).toMatchObject([{ cameraId: orphan.id, code: 'camera-pipeline-gone', values: { camera: 'c', pipeline: orphan.pipelineId, used: 'p' } }]);
    expect(problems[0]?.text).toContain('does not exist; "p" is used');
  });

  it('leaves cameras out when there is no pipeline at all', () => {
    const { plans, problems } = plansOf(config({ cameras: [a], pipelines: [] }));
    expect(plans.size).toBe(0);
    expect(problems).toMatchObject([{ cameraId: a.id, code: 'camera-without-pipeline', values: { camera: 'a' } }]);
  });
});
