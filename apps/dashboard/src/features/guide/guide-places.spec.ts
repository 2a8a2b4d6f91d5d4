import { GUIDE_STEPS, type GuideStep } from '@argus/contracts';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GUIDE_SPOTS, guidePath, nextStep } from './guide-places.js';

const SET = '01890a5d-ac96-774b-bcce-b302099a8057';
const step = (parts: Partial<GuideStep>): GuideStep => ({ id: 'choose', state: 'ready', count: 0, missing: [], cameraId: null, datasetId: SET as GuideStep['datasetId'], ...parts });

describe('places of the guide', () => {
  it.each([
    [{ id: 'record', cameraId: null }, '/cameras/new'],
    [{ id: 'record', cameraId: SET }, `/cameras/${SET}`],
    [{ id: 'harvest' }, '/harvest/new'],
    [{ id: 'choose' }, `/datasets/${SET}/jobs?new=pick-diverse`],
    [{ id: 'review' }, `/datasets/${SET}/pictures`],
    [{ id: 'seal' }, `/datasets/${SET}/versions`],
    [{ id: 'export', datasetId: null }, '/datasets'],
  ])('%j: %s', (parts, path) => expect(guidePath(step(parts as Partial<GuideStep>))).toBe(path));

  it('are marked somewhere on the pages', () => {
    const source = fileURLToPath(new URL('../..', import.meta.url));
    const pages = globSync('**/*.tsx', { cwd: source }).map((file) => readFileSync(`${source}/${file}`, 'utf8')).join('\n');
    const spots = [...new Set(GUIDE_STEPS.flatMap((id) => GUIDE_SPOTS[id]))];
    expect(spots.filter((spot) => !pages.includes(`data-guide="${spot}"`))).toEqual([]);
  });

  it('lead on from what can be done and was not', () => {
    const steps = [step({ id: 'record', state: 'done' }), step({ id: 'harvest', missing: ['harvest.run'] }), step({ id: 'choose' }), step({ id: 'label' })];
    expect(nextStep(steps)?.id).toBe('choose');
    expect(nextStep([step({ id: 'record' }), step({ id: 'choose', state: 'done' }), step({ id: 'label' })])?.id).toBe('label');
    expect(nextStep([step({ id: 'review' }), step({ id: 'export', state: 'done' })])?.id).toBe('review');
    expect(nextStep([step({ state: 'done' }), step({ state: 'waiting' })])).toBeNull();
  });
});
