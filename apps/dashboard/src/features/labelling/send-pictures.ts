import type { AddedFootagePictures, AddFootagePictures } from '@argus/contracts';
import { client } from '../../app/client.js';

/** What a send did, to be taken back. */
export interface Sent {
  readonly datasetId: string;
  readonly pictures: AddedFootagePictures['pictures'];
  readonly added: number;
  readonly changed: number;
  readonly problems: AddedFootagePictures['problems'];
}

/** Pictures of one request: few enough that it can be seen going on, and stopped. */
const AT_ONCE = 25;

/** Puts pictures with their boxes into a set. Stopped, it gives what was sent until then. */
export async function sendPictures(datasetId: string, cameraId: string, pictures: AddFootagePictures['pictures'], onDone: (done: number) => void, signal: AbortSignal): Promise<Sent> {
  const sent = { datasetId, pictures: [] as AddedFootagePictures['pictures'], added: 0, changed: 0, problems: [] as AddedFootagePictures['problems'] };
  for (let at = 0; at < pictures.length && !signal.aborted; at += AT_ONCE) {
    const answer = await client.call('addFootagePictures', { params: { id: datasetId }, body: { cameraId, pictures: pictures.slice(at, at + AT_ONCE) } });
    sent.pictures.push(...answer.pictures);
    sent.problems.push(...answer.problems);
    sent.added += answer.added;
    sent.changed += answer.changed;
    onDone(Math.min(at + AT_ONCE, pictures.length));
  }
  return sent;
}

/** Pictures that came in go out again; what was said of those that were there is said again. */
export async function takeBack({ datasetId, pictures }: Sent): Promise<void> {
  const added = pictures.filter(({ before }) => before === null).map(({ sha256 }) => sha256);
  if (added.length > 0) await client.call('removeSamples', { params: { id: datasetId }, body: { sha256s: added } });
  for (const { sha256, before } of pictures) if (before !== null) await client.call('saveAnnotations', { params: { id: datasetId, sha256 }, body: { annotations: before } });
}
