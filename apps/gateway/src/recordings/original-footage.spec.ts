import { PERMISSIONS, ROLE_PERMISSIONS, type Permission } from '@argus/contracts';
import { expect, it } from 'vitest';
import { requireOriginalRight } from './original-footage.js';

const polygon = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }];
const mask = { name: 'Window', enabled: true, polygon };
const camera = { name: 'Gate', privacyMasks: [], maskedUntil: null };
const NOON = Date.parse('2026-01-01T12:00:00Z');
const without: Permission[] = PERMISSIONS.filter((permission) => permission !== 'recording.original');

it.each([
  ['a camera that never had masks', camera, true],
  ['a camera with a mask', { ...camera, privacyMasks: [mask] }, false],
  ['a camera whose masks are all switched off, and were when it recorded', { ...camera, privacyMasks: [{ ...mask, enabled: false }] }, true],
  ['a camera that had masks until later than the footage begins', { ...camera, maskedUntil: new Date(NOON + 1) }, false],
  ['a camera that had masks until the footage begins', { ...camera, maskedUntil: new Date(NOON) }, true],
  ['a camera that is gone', null, false],
])('lets somebody without the right see footage of %s: %#', (_what, of, allowed) => {
  const ask = () => requireOriginalRight(of, NOON, { permissions: without });
  if (allowed) expect(ask).not.toThrow();
  else expect(ask).toThrow(/recording\.original/);
  expect(() => requireOriginalRight(of, NOON, { permissions: [...without, 'recording.original'] })).not.toThrow();
});

it('is a right of administrators alone, unless it is given', () => {
  const having = Object.entries(ROLE_PERMISSIONS).flatMap(([role, permissions]) => (permissions.includes('recording.original') ? [role] : []));
  expect(having).toEqual(['admin']);
});
