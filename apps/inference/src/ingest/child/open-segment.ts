import { join } from 'node:path';
import { SegmentId, type RecordingSegment } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import { FootageFile, openSource, settlePart, type FragmentIndex, type MediaSource } from '@argus/media';
import type { OpenSegment, SegmentPlace } from './camera-recorder.js';
import type { PartPlace } from './repair-footage.js';

type StreamFacts = Pick<MediaSource, 'stream' | 'codecString'>;

/** A file below `<root>/<camera>/<day>/`, the day that it is in Greenwich. */
export const openSegment: OpenSegment = (source, place, onFailure) => {
  const id = newId<SegmentId>();
  const path = `${place.cameraId}/${isoTime(place.startMs).slice(0, 10)}/${place.startMs}-${id}.mp4`;
  const file = new FootageFile(source, join(place.root, path), onFailure);
  return {
    get bytes() {
      return file.bytes;
    },
    write: (packet) => file.write(packet),
    finish: async (motionOf) => {
      const index = await file.finish();
      return index && segmentOf({ id, path, place, facts: source, index, motion: motionOf(index.durationMs) });
    },
  };
};

/** Makes a segment of a part that a killed recorder left. Which of the camera's connections it was nobody knows any more: its first. */
export async function repairPart({ root, cameraId, path: part }: PartPlace): Promise<RecordingSegment | null> {
  const path = part.slice(0, -'.part'.length);
  const index = await settlePart(join(root, path));
  if (!index) return null;
  const name = path.slice(path.lastIndexOf('/') + 1, -'.mp4'.length);
  const dash = name.indexOf('-');
  // What is in the file is told by the file.
  const source = await openSource(`file://${encodeURI(join(root, path))}`, { fileRoots: [root] });
  await source.close();
  const place = { root, cameraId, startMs: Number(name.slice(0, dash)), connection: 1 };
  return segmentOf({ id: SegmentId.parse(name.slice(dash + 1)), path, place, facts: source, index, motion: Array.from({ length: Math.max(1, Math.ceil(index.durationMs / 1000)) }, () => 0) });
}

interface Finished {
  readonly id: SegmentId;
  readonly path: string;
  readonly place: SegmentPlace;
  readonly facts: StreamFacts;
  readonly index: FragmentIndex;
  readonly motion: number[];
}

const segmentOf = ({ id, path, place: { cameraId, startMs, connection }, facts: { stream, codecString }, index: { fragments, durationMs, end }, motion }: Finished): RecordingSegment => ({
  id,
  cameraId,
  path,
  startAt: isoTime(startMs),
  endAt: isoTime(startMs + Math.round(durationMs)),
  bytes: end,
  codec: stream.codec,
  codecString,
  width: stream.width,
  height: stream.height,
  hasAudio: false,
  connection,
  fragments,
  motion,
  pictures: [],
});
