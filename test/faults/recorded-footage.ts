import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Camera, CameraStats, RecordingSegment } from '@argus/contracts';
import { splitUnits } from '@argus/footage';
import { openSource } from '@argus/media';
import type { EngineFixture } from '../../apps/inference/src/fixtures/engine-fixture.js';
import { decodeEntry } from '../../apps/inference/src/journal/journal-entry.js';

/** Digests of the pictures in a file, without what a camera puts before them. */
export async function picturesOf(path: string): Promise<string[]> {
  const source = await openSource(`${pathToFileURL(path).href}?pace=fast`, { fileRoots: ['/'] });
  const digests: string[] = [];
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    const slices = splitUnits(packet.toAnnexB(), 0).filter((unit) => [1, 5].includes((unit[0] ?? 0) & 31));
    digests.push(createHash('sha1').update(Buffer.concat(slices)).digest('hex'));
    packet.free();
  }
  await source.close();
  return digests;
}

/** Newest counters of all cameras. */
export const statsOf = (engine: EngineFixture): readonly CameraStats[] => engine.gateway.ofType('stats').at(-1)?.cameras ?? [];

/** Told, or in the journal to be told: each once, as the gateway keeps them, in the order in which they were finished. */
export function toldOf(engine: EngineFixture, camera: Camera): RecordingSegment[] {
  const all = [...engine.gateway.ofType('segment').map(({ segment }) => segment), ...inJournal(engine)].filter(({ cameraId }) => cameraId === camera.id);
  return [...new Map(all.map((segment) => [segment.id, segment])).values()];
}

/** What the engine had no time to send before its end. */
function inJournal(engine: EngineFixture): RecordingSegment[] {
  const folder = join(engine.folder, 'journal');
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().flatMap((name) => {
    const entry = decodeEntry(readEntry(join(folder, name)));
    return entry.ok && entry.message.type === 'segment' ? [entry.message.segment] : [];
  });
}

/** Empty: it was acknowledged a moment ago. */
function readEntry(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Files of footage below a folder, finished or not. */
export const footageFilesIn = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.mp4/.test(name)).sort();
