import { describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES, ROLE_PERMISSIONS } from '../admin/permission.js';
import { EventQuery, api } from './api.js';
import type { RouteSpec } from './routes.js';

const routes: [string, RouteSpec][] = Object.entries(api);

describe('route catalogue', () => {
  it('has no two routes with the same method and path', () => {
    const keys = routes.map(([, route]) => `${route.method} ${route.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('opens only health and the ways to sign in', () => {
    const open = routes.filter(([, route]) => route.permission === null).map(([name]) => name);
    expect(open).toEqual(['health', 'getAuthState', 'setUp', 'signIn']);
  });

  it.each(routes)('%s names its parameters in the path and asks a read permission for GET', (_name, route) => {
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    const shape = route.params && 'shape' in route.params ? Object.keys(route.params.shape as object) : [];
    expect(shape).toEqual(inPath);
    if (route.method !== 'GET' && route.permission) expect(route.permission).not.toMatch(/\.(read|view)$/);
  });

  it('gives every permission to the admin and no writing to the viewer', () => {
    expect(ROLE_PERMISSIONS.admin).toEqual(PERMISSIONS);
    expect(ROLE_PERMISSIONS.viewer.filter((permission) => /write|acknowledge/.test(permission))).toEqual([]);
    for (const role of ROLES) expect(ROLE_PERMISSIONS[role]).toContain('account.self');
  });
});

describe('EventQuery', () => {
  it('reads lists from commas and from repeated parameters', () => {
    expect(EventQuery.parse({ state: 'confirmed,ended' }).state).toEqual(['confirmed', 'ended']);
    expect(EventQuery.parse({ state: ['confirmed', 'ended'] }).state).toEqual(['confirmed', 'ended']);
    expect(EventQuery.parse({}).limit).toBe(50);
  });

  it.each([[{ limit: '0' }], [{ limit: '501' }], [{ state: 'open' }], [{ from: 'yesterday' }], [{ camera: 'x' }]])('refuses %j', (query) => {
    expect(EventQuery.safeParse(query).success).toBe(false);
  });
});
