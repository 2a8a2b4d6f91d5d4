import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CameraId, type RecordingSegment } from '@argus/contracts';
import type { Logger } from '@argus/kernel';
import type { RepairOrder } from '../messages.js';

/** A finished file, or one that is being written or was when its recorder was killed. */
const FILE = /^(\d+)-[0-9a-f-]{36}\.mp4(\.part)?$/;
/** Of a camera: what was finished in the moment before a kill may not have been told. */
const NEWEST = 3;
/** No recorder that lives begins a file so far ahead of the clock: it began before the clock was set back. */
const AHEAD_MS = 5000;

/** `path`: below the root. */
export interface FilePlace {
  readonly root: string;
  readonly cameraId: CameraId;
  readonly path: string;
}

export interface Repairer {
  /** null: there is nothing in the file, and it is gone. */
  repair(place: FilePlace): Promise<RecordingSegment | null>;
  describe(place: FilePlace): Promise<RecordingSegment>;
}

/**
 * Makes footage of what killed recorders left, and tells each camera's newest finished files once more, in case that a kill came before they were told; the gateway
 * keeps each once. One bad file does not keep the others.
 */
export async function repairFootage({ root, cameraIds, beforeMs }: RepairOrder, repairer: Repairer, tell: (segment: RecordingSegment) => void, log: Logger): Promise<void> {
  for (const cameraId of cameraIds ?? (await camerasOf(root))) {
    const finished: { readonly past: string[]; readonly ahead: string[] } = { past: [], ahead: [] };
    for await (const { path, isPart, isAhead } of filesOf(root, cameraId, beforeMs)) {
      if (!isPart) {
        const newest = isAhead ? finished.ahead : finished.past;
        newest.push(path);
        if (newest.length > NEWEST) newest.shift();
      } else {
        await attempt(path, () => repairer.repair({ root, cameraId, path }));
      }
    }
    for (const path of [...finished.past, ...finished.ahead]) await attempt(path, () => repairer.describe({ root, cameraId, path }));
  }

  async function attempt(path: string, make: () => Promise<RecordingSegment | null>): Promise<void> {
    try {
      const segment = await make();
      if (segment) tell(segment);
    } catch (error) {
      log.error('footage could not be repaired', { path, error });
    }
  }
}

/** Oldest first. What began later is written by a recorder that lives, unless it is ahead of the clock. */
async function* filesOf(root: string, cameraId: CameraId, beforeMs: number): AsyncGenerator<{ readonly path: string; readonly isPart: boolean; readonly isAhead: boolean }> {
  for (const day of await namesIn(join(root, cameraId))) {
    for (const name of await namesIn(join(root, cameraId, day))) {
      const [, startMs, part] = FILE.exec(name) ?? [];
      const isAhead = Number(startMs) > Date.now() + AHEAD_MS;
      if (startMs !== undefined && (isAhead || Number(startMs) < beforeMs)) yield { path: join(cameraId, day, name), isPart: part !== undefined, isAhead };
    }
  }
}

const camerasOf = async (root: string): Promise<CameraId[]> => (await namesIn(root)).flatMap((name) => CameraId.safeParse(name).data ?? []);

/** A folder that is not there has nothing in it. */
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort();
