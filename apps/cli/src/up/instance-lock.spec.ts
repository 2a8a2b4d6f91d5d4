import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlreadyRunningError } from '../errors.js';
import { lockDataFolder } from './instance-lock.js';
import { identityOf, isSameProcess } from './process-identity.js';

describe('instance lock', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'argus-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a second owner and says who the first is', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(AlreadyRunningError);
    expect(() => lockDataFolder(folder)).toThrow(`process ${process.pid}`);
    lock.release();
    lockDataFolder(folder).release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('takes over from an owner that is gone', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, startTicks: '1' }));
    const lock = lockDataFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('takes over when the number was given to another process since', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, startTicks: '1' }));
    lockDataFolder(folder).release();
  });

  it('takes over from a damaged file', () => {
    writeFileSync(join(folder, 'lock'), '{"pid":');
    lockDataFolder(folder).release();
  });

  it('does not release the lock of somebody else', () => {
    const lock = lockDataFolder(folder);
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, startTicks: null }));
    lock.release();
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });

  it('tells processes apart by their start', () => {
    expect(isSameProcess(identityOf(process.pid))).toBe(true);
    expect(isSameProcess({ pid: 2 ** 22 + 1, startTicks: null })).toBe(false);
  });
});
