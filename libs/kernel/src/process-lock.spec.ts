import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf, isSameProcess, LockHeldError, lockByProcess } from './process-lock.js';

describe('a lock by process', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'argus-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a second holder and says who the first is', () => {
    const lock = lockByProcess(path);
    expect(() => lockByProcess(path)).toThrow(LockHeldError);
    expect(() => lockByProcess(path)).toThrow(`process ${process.pid}`);
    lock.release();
    lockByProcess(path).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  const self = identityOf(process.pid);
  const { pid: dead } = spawnSync('true');
  it.each([
    ['that is gone', { pid: dead, boot: self.boot, startTicks: '1' }],
    ['of which no more is known than that it is gone', { pid: dead }],
    ['whose number was given to another process since', { ...self, startTicks: '1' }],
    ['of before the machine was started again', { ...self, boot: 'another' }],
  ])('takes over from a holder %s', (_what, holder) => {
    writeFileSync(path, JSON.stringify(holder));
    const lock = lockByProcess(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(self);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['', '{"pid":', 'null', '{"pid":-1}', '7'])('takes over from a damaged file: %j', (content) => {
    writeFileSync(path, content);
    lockByProcess(path).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not release the lock of somebody else', () => {
    const lock = lockByProcess(path);
    writeFileSync(path, JSON.stringify({ pid: 1, boot: null, startTicks: null }));
    lock.release();
    expect(existsSync(path)).toBe(true);
  });

  it('tells processes apart by their start', () => {
    expect(isSameProcess(self)).toBe(true);
    expect(isSameProcess({ pid: dead, boot: null, startTicks: null })).toBe(false);
  });
});
