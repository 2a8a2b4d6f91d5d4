import { CreateExport } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { draftProblems, toLocalField, wishOf, type ExportDraft } from './export-draft.js';

const CAMERA = '01890a5d-ac96-774b-bcce-b302099a8057';
const draft: ExportDraft = { title: 'Window', note: '', cameraIds: [CAMERA], from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T08:10:00.000Z', exact: false, boxes: false, blur: [], headsOnly: false };

describe('draftProblems', () => {
  it.each([
    [{}, []],
    [{ title: '  ' }, ['title']],
    [{ title: 'x'.repeat(121) }, ['title']],
    [{ cameraIds: [] }, ['cameraIds']],
    [{ cameraIds: Array.from({ length: 17 }, () => CAMERA) }, ['cameraIds']],
    [{ to: draft.from }, ['range']],
    [{ to: '2026-11-21T08:00:01.000Z' }, ['range']],
  ])('%j: %j', (part, problems) => expect([...draftProblems({ ...draft, ...part })]).toEqual(problems));
});

describe('wishOf', () => {
  it('is what the contract takes', () => {
    const wish = wishOf({ ...draft, title: ' Window ', exact: true, boxes: true, blur: ['person'], headsOnly: true });
    expect(CreateExport.parse(wish)).toEqual({ title: 'Window', note: '', ranges: [{ cameraId: CAMERA, from: draft.from, to: draft.to }], options: { trim: 'exact', boxes: true, blur: [{ label: 'person', part: 'head' }], original: false, sound: true } });
    expect(wishOf({ ...draft, original: true }).options.original).toBe(true);
    expect(wishOf({ ...draft, sound: false }).options.sound).toBe(false);
  });
});

describe('toLocalField', () => {
  it('goes there and back to the second', () => expect(new Date(toLocalField(draft.from)).toISOString()).toBe(draft.from));
});
