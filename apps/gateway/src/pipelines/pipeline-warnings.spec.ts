import { describe, expect, it } from 'vitest';
import { pipelineWarnings, type Surroundings } from './pipeline-warnings.js';

const texts = (...about: Parameters<typeof pipelineWarnings>) => pipelineWarnings(...about).map((warning) => warning.text);

const model = (id: string, labels: string[], state = 'ready', problem: string | null = null) => ({ id, labels, state, problem, task: 'detect' });
const camera = (id: string, pipelineId: string | null = null, labels: string[] | null = null) => ({ id, name: `camera ${id}`, pipelineId, labels });
const rule = (name: string, labels: string[], cameraIds: string[] | null = null, enabled = true) => ({ name, labels, cameraIds, enabled });
const pipeline = (parts: object = {}) => ({ id: 'p', isDefault: true, detector: 'old', routes: [], rollout: { candidate: 'new', shadowShare: 0.1, canaryCameraIds: [] }, ...parts }) as never;
const around = (parts: object = {}) => ({ cameras: [camera('a')], rules: [], models: [model('old', ['person', 'car']), model('new', ['person', 'helmet'])], ...parts }) as unknown as Surroundings;

describe('pipelineWarnings', () => {
  it('has nothing to say where nothing is lost', () => {
    expect(texts(pipeline(), around({ rules: [rule('r', ['person'])] }))).toEqual([]);
    expect(texts(pipeline({ rollout: null }), around({ rules: [rule('r', ['car'])] }))).toEqual([]);
  });

  it('names labels that rules, routes and cameras would lose', () => {
    const rules = [rule('Parking', ['car']), rule('Also parking', ['car', 'person']), rule('Off', ['car'], null, false), rule('Elsewhere', ['car'], ['b'])];
    const routes = [{ labels: ['car'], model: 'plates' }];
    expect(texts(pipeline({ routes }), around({ rules, cameras: [camera('a', null, ['car']), camera('b', 'q')] }))).toEqual([
      'the candidate "new" does not know car, which rules look for: Parking, Also parking',
      'the candidate "new" does not know car, which the second stage needs: plates',
      'the candidate "new" does not know car, which cameras look for: camera a',
    ]);
  });

  it('gives code and values for other languages', () => {
    expect(pipelineWarnings(pipeline(), around({ rules: [rule('Parking', ['car'])] }))).toEqual([{ code: 'labels-of-rules', text: expect.any(String), values: { model: 'new', labels: 'car', names: 'Parking' } }]);
  });

  it('does not speak of what the detector in use does not find either, unless it is not known', () => {
    const rules = [rule('Fire', ['fire'])];
    expect(texts(pipeline(), around({ rules }))).toEqual([]);
    expect(texts(pipeline(), around({ rules, models: [model('new', ['person'])] }))).toEqual(['the detector "old" is not installed', 'the candidate "new" does not know fire, which rules look for: Fire']);
  });

  it('is silent about rules when no camera uses the pipeline', () => {
    expect(texts(pipeline({ isDefault: false }), around({ rules: [rule('Parking', ['car'])] }))).toEqual([]);
  });

  it('says what is missing or refused, and which canaries are of another pipeline', () => {
    const models = [model('old', ['person'], 'refused', 'sha256 differs')];
    const rollout = { candidate: 'new', shadowShare: 0, canaryCameraIds: ['a', 'b'] };
    expect(texts(pipeline({ rollout }), around({ models, cameras: [camera('a'), camera('b', 'q')] }))).toEqual([
      'the detector "old" was refused: sha256 differs',
      'the candidate "new" is not installed',
      'these canary cameras use another pipeline: camera b',
    ]);
  });
});
