import { json } from 'node:stream/consumers';
import { FollowQuestion, type FollowedLine } from '@argus/contracts';
import { ArgusError, messageOf } from '@argus/kernel';
import type { DoorRoute } from '../door/worker-door.js';
import type { ReaderPool } from '../harvest/reader-pool.js';
import type { Places } from '../masking/places.js';
import { followFootage, type LabelledFootage } from './follow-footage.js';
import { enterLabelling } from './labelling-places.js';
import type { SegmentLabeller } from './segment-labeller.js';

/** One line of JSON a picture, while they are made. What fails before the first is refused, what fails later is the last line. */
export const followRoute = (footage: LabelledFootage, labellers: ReaderPool<SegmentLabeller>, places: Places): DoorRoute => async (request, _search, response, signal) => {
  const question = FollowQuestion.parse(await json(request));
  const leave = await enterLabelling(places, signal);
  const say = (line: FollowedLine): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify(line)}\n`);
  };
  try {
    await labellers.use((labeller) => followFootage(question, footage, labeller, say, signal));
    response.end();
  } catch (error) {
    if (signal.aborted || !response.headersSent) throw error;
    say({ kind: 'failed', code: error instanceof ArgusError ? error.code : 'internal', message: error instanceof ArgusError ? messageOf(error) : 'an unexpected failure; the log of the worker says more' });
    response.end();
  } finally {
    leave();
  }
};
