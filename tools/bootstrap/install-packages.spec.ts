import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installEnvironment, manifestsOf, missingPackages, npmCommand } from './install-packages.mjs';
import { isAtLeast, nodeVersionOf } from './pinned-node.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'argus-install-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('missing packages', () => {
  const record = (paths: string[]) => {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: Object.fromEntries(paths.map((path) => [path, {}])) }));
  };

  it('are all when npm never ran to its end', () => expect(missingPackages(root)).toEqual(['node_modules']));

  it('are those whose folder went away', () => {
    record(['apps/cli', 'node_modules/zod', 'node_modules/@argus/cli']);
    mkdirSync(join(root, 'node_modules/zod'), { recursive: true });
    writeFileSync(join(root, 'node_modules/zod/package.json'), '{}');
    expect(missingPackages(root)).toEqual(['node_modules/@argus/cli']);
  });
});

describe('install environment', () => {
  it('keeps the known traps away', () => {
    expect(installEnvironment(root, { npm_config_cache: join(root, 'cache') })).toMatchObject({ SKIP_FFMPEG: 'true', ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_cache: join(root, 'cache') });
  });

  it('moves the cache into the checkout when the home cannot be written', () => {
    writeFileSync(join(root, 'file'), '');
    expect(installEnvironment(root, { npm_config_cache: join(root, 'file/cache') }).npm_config_cache).toBe(join(root, '.bootstrap', 'npm-cache'));
  });

  it('runs the npm that runs us, else the one on the path', () => {
    const cli = join(root, 'npm-cli.js');
    writeFileSync(cli, '');
    expect(npmCommand(['install'], { npm_execpath: cli, npm_node_execpath: '/n' })).toEqual({ command: '/n', args: [cli, 'install'] });
    expect(npmCommand(['install'], { npm_execpath: '/usr/bin/pnpm.cjs' })).toEqual({ command: 'npm', args: ['install'] });
  });

  it('hashes the manifests of all workspaces', () => {
    mkdirSync(join(root, 'libs/kernel'), { recursive: true });
    expect(manifestsOf(root)).toContain(join(root, 'libs/kernel/package.json'));
  });
});

describe('node versions', () => {
  it.each([
    ['v24.21.0', '22.12.0', true],
    ['v22.12.0', '22.12.0', true],
    ['v22.11.9', '22.12.0', false],
    ['v20.20.2', '20.19.0', true],
    ['v20.9.0', '20.19.0', false],
  ])('%s is at least %s: %s', (have, want, expected) => expect(isAtLeast(have, want)).toBe(expected));

  it('takes a file that does not run as no Node', () => {
    const path = join(root, 'node');
    expect(nodeVersionOf(path)).toBeNull();
    writeFileSync(path, 'This file intentionally left blank', { mode: 0o755 });
    expect(nodeVersionOf(path)).toBeNull();
    expect(nodeVersionOf(process.execPath)).toBe(process.version);
  });
});
