import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CameraId, type RecordingSegment } from '@argus/contracts';
import type { Logger } from '@argus/kernel';
import type { RepairOrder } from '../messages.js';

/** A file that is being written, or was when its recorder was killed: `<startMs>-<id>.mp4.part`. */
const PART = /^(\d+)-[0-9a-f-]{36}\.mp4\.part$/;

/** Makes footage of what killed recorders left; `repair` gives null when there is nothing in a file, and has removed it. One bad file does not keep the others. */
export async function repairFootage({ root, cameraIds, beforeMs }: RepairOrder, repair: (place: PartPlace) => Promise<RecordingSegment | null>, tell: (segment: RecordingSegment) => void, log: Logger): Promise<void> {
  for (const cameraId of cameraIds ?? (await camerasOf(root))) {
    for await (const path of partsOf(root, cameraId, beforeMs)) {
      try {
        const segment = await repair({ root, cameraId, path });
        if (segment) tell(segment);
      } catch (error) {
        log.error('unfinished footage could not be repaired', { path, error });
      }
    }
  }
}

/** `path`: below the root. */
export interface PartPlace {
  readonly root: string;
  readonly cameraId: CameraId;
  readonly path: string;
}

/** What began later is written by a recorder that lives. */
async function* partsOf(root: string, cameraId: CameraId, beforeMs: number): AsyncGenerator<string> {
  for (const day of await namesIn(join(root, cameraId))) {
    for (const name of await namesIn(join(root, cameraId, day))) {
      const startMs = PART.exec(name)?.[1];
      if (startMs !== undefined && Number(startMs) < beforeMs) yield join(cameraId, day, name);
    }
  }
}

const camerasOf = async (root: string): Promise<CameraId[]> => (await namesIn(root)).flatMap((name) => CameraId.safeParse(name).data ?? []);

/** A folder that is not there has nothing in it. */
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort();
