import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { SegmentId, type CameraId, type RecordingSegment } from '@argus/contracts';
import { readSegment, repairSegment, type SegmentDescription } from '@argus/footage';
import { isoTime } from '@argus/kernel';
import { requireDiskRoom } from './disk-room.js';
import type { FilePlace, Repairer } from './repair-footage.js';

/** `<root>/<camera>/<day>`, the day that it is in Greenwich. The root is not made: a disk that is not there leaves none. */
export async function makeDayFolder(root: string, cameraId: CameraId, startMs: number): Promise<string> {
  await requireDiskRoom(root);
  const camera = join(root, cameraId);
  const day = join(camera, isoTime(startMs).slice(0, 10));
  for (const folder of [camera, day]) await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : Promise.reject(error)));
  return day;
}

export interface SegmentOrigin {
  /** The recordings folder. */
  readonly root: string;
  readonly cameraId: CameraId;
  readonly connection: number;
}

/** A file of footage as the gateway is told of it. */
export function recordedSegment({ root, cameraId, connection }: SegmentOrigin, described: SegmentDescription, motion: number[]): RecordingSegment {
  const { id, path, startMs, endMs, bytes, codec, codecString, width, height, hasAudio, headId, fragments } = described;
  return {
    id: SegmentId.parse(id),
    cameraId,
    path: relative(root, path).replaceAll(sep, '/'),
    startAt: isoTime(startMs),
    endAt: isoTime(endMs),
    bytes,
    codec,
    codecString,
    width,
    height,
    hasAudio,
    headId,
    connection,
    fragments: [...fragments],
    motion,
    pictures: [],
  };
}

/** Makes segments of what a killed recorder left. */
export const diskRepairer: Repairer = {
  repair: async (place) => {
    const described = await repairSegment(join(place.root, place.path));
    return described && foundSegment(place, described);
  },
  describe: async (place) => foundSegment(place, await readSegment(join(place.root, place.path))),
};

/** Which of the camera's connections it was nobody knows any more: its first. What moved in it, neither. */
function foundSegment({ root, cameraId }: FilePlace, described: SegmentDescription): RecordingSegment {
  const seconds = Math.max(1, Math.ceil((described.endMs - described.startMs) / 1000));
  return recordedSegment({ root, cameraId, connection: 1 }, described, Array.from({ length: seconds }, () => 0));
}
