import { PipelineSettings, TilingSettings, type PipelineView } from '@argus/contracts';
import { expect, it } from 'vitest';
import { emptyPipeline, newRoute, runsPerPicture, settingsOf } from './pipeline-draft.js';

it.each([
  [null, 1],
  [{ columns: 3, rows: 2, wholePicture: true }, 7],
  [{ columns: 4, rows: 4, wholePicture: false }, 16],
  [{ columns: 1, rows: 1, wholePicture: false }, 1],
])('%j costs %i runs', (tiling, runs) => expect(runsPerPicture(tiling && TilingSettings.parse(tiling))).toBe(runs));

it('sends what can be set and nothing that the server adds', () => {
  const settings = PipelineSettings.parse({ name: 'Yard', detector: 'a', rollout: { candidate: 'b' } });
  const view = { ...settings, id: 'x', isDefault: false, previousDetector: 'c', warnings: ['w'], createdAt: 't', updatedAt: 't' } as unknown as PipelineView;
  expect(settingsOf(view)).toEqual(settings);
});

it('starts empty, with defaults, and is not saved before it is filled in', () => {
  expect(emptyPipeline('a' as never)).toMatchObject({ name: '', detector: 'a', flow: { policy: 'freshest' }, tiling: null, rollout: null });
  expect(PipelineSettings.safeParse(emptyPipeline('' as never)).success).toBe(false);
  expect(PipelineSettings.safeParse({ ...emptyPipeline('a' as never), name: 'x', routes: [newRoute('m' as never)] }).error?.issues[0]?.path).toEqual(['routes', 0, 'attribute']);
});
