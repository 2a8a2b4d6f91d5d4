import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';
import { consoleLine } from './log-line.js';
import { Reporter } from './reporter.js';
import { RotatingLog } from './rotating-log.js';
import { ServiceLogs } from './service-logs.js';

describe('service logs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'argus-logs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keep everything in the file and show only what a person must read', () => {
    const shown: string[] = [];
    const logs = new ServiceLogs(folder, new Reporter((line) => shown.push(line), () => 0));
    const output = logs.outputOf('gateway');
    output(Buffer.from('{"level":"info","message":"listening"}\n{"level":"warn","name":"x","mess'));
    output(Buffer.from('age":"camera lost","url":"rtsp://u:p@host/1"}\nTypeError: boom'));
    logs.close();
    expect(readFileSync(join(folder, 'logs/gateway.log'), 'utf8').split('\n')).toHaveLength(4);
    expect(shown.map((line) => line.slice(9))).toEqual(['gateway: camera lost  url=rtsp://***@host/1', 'gateway: TypeError: boom']);
  });

  it('rotate by size and keep a fixed number of old files', () => {
    const log = new RotatingLog(join(folder, 'a.log'), { maxBytes: 10, keep: 2 });
    for (const text of ['1111111\n', '2222222\n', '3333333\n', '4444444\n']) log.write(text);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect(['a.log', 'a.log.1', 'a.log.2'].map((name) => readFileSync(join(folder, name), 'utf8')[0])).toEqual(['4', '3', '2']);
  });

  it('go on where the last run ended', () => {
    for (const text of ['a\n', 'b\n']) {
      const log = new RotatingLog(join(folder, 'a.log'));
      log.write(text);
      log.close();
    }
    expect(readFileSync(join(folder, 'a.log'), 'utf8')).toBe('a\nb\n');
  });

  it('do not cut a character that comes in two pieces', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('摄像头\n');
    splitter.push(bytes.subarray(0, 4));
    splitter.push(bytes.subarray(4));
    expect(lines).toEqual(['摄像头']);
  });

  it.each([
    ['{"level":"info","message":"x"}', null],
    ['', null],
    ['{"level":"error","message":"x","code":"a.b","time":"t"}', { level: 'error', text: 'x  code=a.b' }],
    ['{"a":1}', { level: 'warn', text: '{"a":1}' }],
    ['{broken', { level: 'warn', text: '{broken' }],
  ])('read %s', (line, expected) => expect(consoleLine(line)).toEqual(expected));

  it('say the same thing once in ten seconds, then how often it was', () => {
    let nowMs = 0;
    const shown: string[] = [];
    const reporter = new Reporter((line) => shown.push(line), () => nowMs);
    for (let second = 0; second < 12; second += 1) {
      nowMs = second * 1000;
      reporter.fromService('inference', { level: 'warn', text: `camera 1 lost after ${second} s` });
    }
    expect(shown).toHaveLength(2);
    expect(shown[1]).toContain('(and 9 more like this)');
  });
});
