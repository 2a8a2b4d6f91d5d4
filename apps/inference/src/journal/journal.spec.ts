import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraId, ModelId, Track, TrackId } from '@argus/contracts';
import { newId, newSpanId, newTraceId, silentLogger, traceparentOf } from '@argus/kernel';
import { sampleEvent } from '@argus/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.js';
import type { JournalMessage } from './journal-entry.js';
import { JournalSender } from './journal-sender.js';

/** Real: the file system. */
let directory: string;
const opened: Journal[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'argus-journal-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((journal) => journal.close()));
  await rm(directory, { recursive: true, force: true });
});

async function open(options: { maxBytes?: number; retryMs?: number; bootId?: string } = {}): Promise<Journal> {
  const journal = await Journal.open({ directory, bootId: newId(), log: silentLogger, retryMs: 20, ...options });
  opened.push(journal);
  return journal;
}

const track = (label: string): Track => ({
  id: newId<TrackId>(),
  cameraId: newId<CameraId>(),
  label,
  score: 0.9,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  attributes: {},
  path: [],
  detector: { id: 'nanodet-g-416' as ModelId, version: '1.0.0' },
});
const tracks = (label: string) => (entry: string): JournalMessage => ({ type: 'tracks', entry, tracks: [track(label)] });

async function labelsOf(journal: Journal): Promise<string[]> {
  const labels: string[] = [];
  for (let name = journal.nextAfter(null); name !== null; name = journal.nextAfter(name)) {
    const message = await journal.read(name);
    if (message?.type === 'tracks') labels.push(message.tracks[0]?.label ?? '');
  }
  return labels;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
};

describe('Journal', () => {
  it('gives back after a restart what was appended, in order, until it is removed', async () => {
    const first = await open();
    await Promise.all(['a', 'b', 'c'].map((label) => first.append(tracks(label))));
    const second = await open();
    await second.append(tracks('d'));
    expect(await labelsOf(second)).toEqual(['a', 'b', 'c', 'd']);
    const oldest = second.nextAfter(null) as string;
    expect(second.isOfThisBoot(oldest)).toBe(false);
    await second.remove([oldest, 'unknown']);
    expect(await labelsOf(await open())).toEqual(['b', 'c', 'd']);
  });

  it('keeps with an event how it came about, and reads entries that say nothing of it', async () => {
    const first = await open();
    const trace = { traceparent: traceparentOf(newTraceId(), newSpanId()), journalledMs: 1.5, spans: [{ spanId: newSpanId(), parentId: null, name: 'frame', startMs: 0.25, endMs: 1.5, attributes: { 'argus.frame.number': 7 } }] };
    await first.append((entry) => ({ type: 'event', entry, bootId: newId(), event: sampleEvent(), trace }));
    await first.append((entry) => ({ type: 'event', entry, bootId: newId(), event: sampleEvent() }));
    const second = await open();
    const one = second.nextAfter(null) as string;
    expect(await second.read(one)).toMatchObject({ trace });
    expect(await second.read(second.nextAfter(one) as string)).not.toHaveProperty('trace.spans');
  });

  it('forgets what a kill left half-written and sets aside what has rotted, and nothing else', async () => {
    const first = await open();
    for (const label of ['a', 'b', 'c']) await first.append(tracks(label));
    const files = (await readdir(directory)).sort();
    const whole = await readFile(join(directory, files[1] as string), 'utf8');
    await writeFile(join(directory, '000000000009-00000000.json.tmp'), whole.slice(0, 40));
    await writeFile(join(directory, files[1] as string), whole.slice(0, -20));
    const second = await open();
    expect(await labelsOf(second)).toEqual(['a', 'c']);
    const left = (await readdir(directory)).sort();
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(left.filter((name) => name.endsWith('.bad'))).toHaveLength(1);
  });

  it.each(Array.from({ length: 12 }, (_, i) => i / 12))('survives a file cut at %d of its length', async (share) => {
    const first = await open();
    await first.append(tracks('a'));
    const [file] = await readdir(directory);
    const text = await readFile(join(directory, file as string), 'utf8');
    await writeFile(join(directory, file as string), text.slice(0, Math.floor(text.length * share)));
    expect(await labelsOf(await open())).toEqual([]);
  });

  it('refuses tracks before events and says so, when its bound is reached', async () => {
    const journal = await open({ maxBytes: 4000 });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => journal.append(tracks('x')).then(() => new Promise((resolve) => setTimeout(resolve, 1)))));
    for (let i = 0; i < 10; i += 1) await journal.append(tracks('y')).catch(() => undefined);
    await expect(journal.append(tracks('z'))).rejects.toMatchObject({ code: 'engine.journal-full' });
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true);
  });

  it('keeps entries in memory while the disk refuses them and writes them when it is back', async () => {
    const journal = await open();
    await rename(directory, `${directory}-away`);
    const appended = journal.append(tracks('kept'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(journal.count).toBe(0);
    await rename(`${directory}-away`, directory);
    await appended;
    expect(await labelsOf(journal)).toEqual(['kept']);
  });
});

describe('JournalSender', () => {
  it('sends again from the oldest on every connection, says when earlier boots are through, and stops at acks', async () => {
    const before = await open();
    await before.append(tracks('old'));
    const journal = await open();
    const sent: string[] = [];
    const sender = new JournalSender({
      journal,
      log: silentLogger,
      send: (message) => sent.push(message.type === 'tracks' ? (message.tracks[0]?.label ?? '') : message.type),
      onReplayed: () => sent.push('replayed'),
    });
    await journal.append(tracks('new'));
    expect(sent).toEqual([]);
    sender.connected();
    await until(() => sent.length === 3);
    expect(sent).toEqual(['old', 'replayed', 'new']);
    sender.disconnected();
    sender.acknowledged([journal.nextAfter(null) as string]);
    await journal.append(tracks('newer'));
    sender.connected();
    await until(() => sent.length === 6);
    expect(sent.slice(3)).toEqual(['replayed', 'new', 'newer']);
    await journal.append(tracks('newest'));
    await until(() => sent.length === 7);
  });

  it('goes on when acks open its window again', async () => {
    const journal = await open();
    for (let i = 0; i < 200; i += 1) void journal.append(tracks(String(i)));
    await until(() => journal.count === 200);
    const entries: string[] = [];
    const sender = new JournalSender({ journal, log: silentLogger, onReplayed: () => undefined, send: (message) => entries.push(message.entry) });
    sender.connected();
    await until(() => entries.length === 128);
    sender.acknowledged(entries.slice(0, 100));
    await until(() => entries.length === 200);
    sender.acknowledged(entries.slice(100));
    await until(() => journal.count === 0);
    expect(new Set(entries).size).toBe(200);
  });
});
