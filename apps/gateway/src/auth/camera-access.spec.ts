import { CAMERA_RIGHTS, groupRightsWithin, type CameraId, type CameraScope, type GroupRight, type GroupRights } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayOn, requireMayExport, requireOn, resolveAccess } from './camera-access.js';

const IDS = ['door', 'hall', 'yard', 'vault', 'roof'] as CameraId[];
const TAGS = ['entrance', 'indoors', 'secret', 'night'];
const entry = (tag: string, ...rights: (typeof CAMERA_RIGHTS)[number][]): GroupRight => ({ tag, live: rights.includes('live'), recordings: rights.includes('recordings'), exports: rights.includes('exports') });

const anyEntry = fc.record({ tag: fc.constantFrom(...TAGS), live: fc.boolean(), recordings: fc.boolean(), exports: fc.boolean() });
const anyRights: fc.Arbitrary<GroupRights> = fc.option(fc.array(anyEntry, { maxLength: 6 }), { freq: 4 });
const anyScope: fc.Arbitrary<CameraScope> = fc.option(fc.subarray(IDS));
const anyTags = fc.tuple(...IDS.map(() => fc.subarray(TAGS))).map((lists) => new Map(IDS.map((id, index) => [id, lists[index] as string[]])));

const principal = (cameraScope: CameraScope, rights: GroupRights, tags: ReadonlyMap<CameraId, readonly string[]>) => ({ cameraScope, access: resolveAccess(cameraScope, rights, tags) });

describe('what somebody may on a camera', () => {
  it('is the union over the groups that it belongs to, nothing without one, and never more than the scope', () => {
    fc.assert(
      fc.property(anyScope, anyRights, anyTags, (scope, rights, tags) => {
        for (const id of IDS)
          for (const right of CAMERA_RIGHTS) {
            const inScope = scope === null || scope.includes(id);
            const inGroup = rights === null || rights.filter(({ tag }) => tags.get(id)?.includes(tag)).some((one) => one[right]);
            expect(mayOn(principal(scope, rights, tags), right, id)).toBe(inScope && inGroup);
          }
      }),
    );
  });

  it('never grows when limits or a scope are added', () => {
    fc.assert(
      fc.property(anyScope, anyRights, anyTags, (scope, rights, tags) => {
        const [limited, scoped, free] = [principal(scope, rights, tags), principal(scope, null, tags), principal(null, rights, tags)];
        for (const id of IDS) for (const right of CAMERA_RIGHTS) if (mayOn(limited, right, id)) expect([mayOn(scoped, right, id), mayOn(free, right, id)]).toEqual([true, true]);
      }),
    );
  });

  it('of a camera that is gone is nothing for who has limits, and as before for others', () => {
    const gone = 'gone' as CameraId;
    expect(mayOn(principal(null, [entry('entrance', 'live')], new Map()), 'live', gone)).toBe(false);
    expect(mayOn(principal(null, null, new Map()), 'live', gone)).toBe(true);
    expect(mayOn(principal([gone], null, new Map()), 'recordings', gone)).toBe(true);
  });

  it('is refused with its reason: as not there outside of the scope, as not allowed inside', () => {
    const tags = new Map([[IDS[0] as CameraId, ['entrance']], [IDS[1] as CameraId, []]]);
    const viewer = principal([IDS[0] as CameraId], [entry('entrance', 'live')], tags);
    expect(() => requireOn(viewer, 'live', IDS[0] as CameraId)).not.toThrow();
    expect(() => requireOn(viewer, 'recordings', IDS[0] as CameraId)).toThrow(expect.objectContaining({ code: 'auth.camera-right', context: { right: 'recordings' } }));
    expect(() => requireMayExport(viewer, IDS[0] as CameraId)).toThrow(expect.objectContaining({ code: 'auth.camera-right', context: { right: 'exports' } }));
    expect(() => requireOn(viewer, 'live', IDS[1] as CameraId)).toThrow(expect.objectContaining({ code: 'camera.not-found' }));
  });
});

describe('rights that are handed on', () => {
  it('allow nothing that the giver may not, whatever tags cameras get', () => {
    fc.assert(
      fc.property(anyRights, anyRights, anyTags, (inner, outer, tags) => {
        fc.pre(groupRightsWithin(inner, outer));
        for (const id of IDS) for (const right of CAMERA_RIGHTS) if (mayOn(principal(null, inner, tags), right, id)) expect(mayOn(principal(null, outer, tags), right, id)).toBe(true);
      }),
    );
  });

  it.each<[GroupRights, GroupRights, boolean]>([
    [null, null, true],
    [[entry('entrance', 'live')], null, true],
    [null, [entry('entrance', 'live')], false],
    [[], [], true],
    [[entry('entrance', 'live')], [entry('entrance', 'live', 'recordings')], true],
    [[entry('entrance', 'live', 'recordings')], [entry('entrance', 'live'), entry('entrance', 'recordings')], true],
    [[entry('entrance', 'exports')], [entry('entrance', 'live', 'recordings')], false],
    [[entry('secret', 'live')], [entry('entrance', 'live')], false],
    [[entry('secret')], [entry('entrance', 'live')], true],
  ])('%j from %j: %s', (inner, outer, isWithin) => expect(groupRightsWithin(inner, outer)).toBe(isWithin));
});
