import { describe, expect, it } from 'vitest';
import { HarvestRecipe, targetOf } from './harvest-recipe.js';

const SET = '01890a5d-ac96-774b-bcce-b302099a8057';
const wish = { name: 'Streets', cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'seconds', every: 5 } };
const recipe = (parts: object) => HarvestRecipe.parse({ ...wish, ...parts });

describe('where pictures go (S192)', () => {
  it.each([
    [{}, 'set'],
    [{ purpose: 'detector' }, 'set'],
    [{ purpose: 'classifier' }, 'matrix'],
    [{ purpose: 'classifier', target: 'set' }, 'set'],
    [{ purpose: 'detector', target: 'matrix' }, 'matrix'],
    [{ purpose: 'classifier', datasetId: SET }, 'set'],
  ] as const)('%j: a %s', (parts, target) => expect(targetOf(recipe(parts))).toBe(target));

  it('cannot be a matrix and one set', () => {
    expect(HarvestRecipe.safeParse({ ...wish, target: 'matrix', datasetId: SET }).error?.issues[0]).toMatchObject({ path: ['datasetId'], message: expect.stringContaining('expected null') });
    expect(HarvestRecipe.safeParse({ ...wish, purpose: 'segmenter' }).error?.issues[0]?.path).toEqual(['purpose']);
  });
});
