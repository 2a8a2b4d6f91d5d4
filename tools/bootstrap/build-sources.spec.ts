import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildTasks, isFresh } from './build-sources.mjs';
import { fingerprintOutputs, hashFiles } from './content-hash.mjs';
import { runLogged } from './run-logged.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'argus-build-'));
  for (const [file, text] of Object.entries({ 'tsconfig.json': '{"references":[{"path":"libs/a"}]}', 'libs/a/src/a.ts': '1', 'libs/a/src/a.spec.ts': '1', 'libs/a/dist/.tsbuildinfo': 'x' })) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the build', () => {
  const services = () => buildTasks(root)[0] as ReturnType<typeof buildTasks>[number];
  const stamp = () => ({ inputs: hashFiles(root, services().inputs), outputs: fingerprintOutputs(services().outputs) });

  it('of the dashboard is done anew for an example, which it shows', () => {
    const inputs = (): readonly string[] => buildTasks(root)[1]?.inputs ?? [];
    mkdirSync(join(root, 'examples'));
    writeFileSync(join(root, 'examples/a.ts'), '1');
    expect(inputs()).toContain(join(root, 'examples/a.ts'));
  });

  it('is skipped while sources and outputs are as they were', () => {
    expect(isFresh(services(), root, null)).toBe(false);
    expect(isFresh(services(), root, stamp())).toBe(true);
  });

  it('is done again for a changed source, not for a changed test', () => {
    const before = stamp();
    writeFileSync(join(root, 'libs/a/src/a.spec.ts'), '2');
    expect(isFresh(services(), root, before)).toBe(true);
    writeFileSync(join(root, 'libs/a/src/a.ts'), '2');
    expect(isFresh(services(), root, before)).toBe(false);
  });

  it('is done again when somebody else built or cleaned meanwhile', () => {
    const before = stamp();
    utimesSync(join(root, 'libs/a/dist/.tsbuildinfo'), 1, 1);
    expect(isFresh(services(), root, before)).toBe(false);
    rmSync(join(root, 'libs/a/dist'), { recursive: true });
    expect(isFresh(services(), root, before)).toBe(false);
  });
});

describe('a step', () => {
  const task = (code: string) => ({ title: 'the step', command: process.execPath, args: ['-e', code], cwd: root, env: process.env, log: join(root, 'logs/step.log') });

  it('fails with its command, the end of its output and the place of the log', async () => {
    await runLogged(task('console.log("fine")'));
    const failing = runLogged(task('console.error("disk is full"); process.exit(7)'));
    await expect(failing).rejects.toThrow(/the step failed \(exit 7\)[^]*disk is full[^]*step\.log/);
    await expect(runLogged({ ...task(''), command: join(root, 'nothing') })).rejects.toThrow('ENOENT');
  });
});
