import { Annotation, type ModelId, type ModelManifest } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { annotationsOf, withSuggestions } from './auto-label.js';

const MODEL = { path: '/x', digest: 'd'.repeat(64), manifest: { id: 'finder' as ModelId, version: '1.2.3' } as ModelManifest };
const SAMPLE = Buffer.alloc(32, 7);
const SEEN = [{ label: 'person', score: 0.9, box: { x: 10, y: 10, width: 20, height: 40 } }, { label: 'car', score: 0.5, box: { x: 100, y: 10, width: 60, height: 40 } }];
const found = annotationsOf(SEEN, {}, MODEL, SAMPLE);
const byHand = (parts: object) => Annotation.parse({ id: 'hand', kind: 'box', label: 'person', box: { x: 12, y: 11, width: 20, height: 40 }, state: 'edited', ...parts });

describe('suggestions of a model', () => {
  it('are named by what they are of: the same whenever it runs, others for other pictures and models', () => {
    expect(annotationsOf(SEEN, {}, MODEL, SAMPLE)).toEqual(found);
    const ids = [found, annotationsOf(SEEN, {}, MODEL, Buffer.alloc(32, 8)), annotationsOf(SEEN, {}, { ...MODEL, digest: 'e'.repeat(64) }, SAMPLE)].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    expect(found[0]).toMatchObject({ label: 'person', score: 0.9, state: 'auto', model: { id: 'finder', version: '1.2.3', digest: MODEL.digest } });
  });

  it('are called as the map says, and what it does not name is left out', () => {
    expect(annotationsOf(SEEN, { car: '汽车' }, MODEL, SAMPLE)).toMatchObject([{ label: '汽车', id: found[1]?.id }]);
  });

  it('replace those of the same model, and nothing else', () => {
    const old = annotationsOf([{ label: 'dog', score: 0.4, box: { x: 0, y: 0, width: 5, height: 5 } }], {}, { ...MODEL, digest: 'f'.repeat(64) }, SAMPLE);
    const others = annotationsOf(SEEN, {}, { ...MODEL, manifest: { ...MODEL.manifest, id: 'other' as ModelId } }, SAMPLE).map((one) => ({ ...one, id: `o${one.id}`.slice(0, 32) }));
    expect(withSuggestions([...old, ...others], found, 'finder')).toEqual([...others, ...found]);
    expect(withSuggestions(found, found, 'finder')).toEqual(found);
  });

  it.each(['edited', 'reviewed', 'accepted'] as const)('never touch what is %s, nor repeat it', (state) => {
    const hand = byHand({ state });
    expect(withSuggestions([hand], found, 'finder')).toEqual([hand, found[1]]);
    // Moved far away, but made of this box; another label at the same place is another thing.
    const moved = { ...(found[0] as Annotation), state, box: { x: 300, y: 10, width: 20, height: 40 } };
    expect(withSuggestions([moved], found, 'finder')).toEqual([moved, found[1]]);
    const bag = byHand({ state, label: 'bag' });
    expect(withSuggestions([bag], found, 'finder')).toEqual([bag, ...found]);
  });
});
