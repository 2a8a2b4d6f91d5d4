import { json } from 'node:stream/consumers';
import { AddPicturesQuestion, type AddedFootagePictures } from '@argus/contracts';
import type { DoorRoute } from '../door/worker-door.js';
import type { ReaderPool } from '../harvest/reader-pool.js';
import type { Places } from '../masking/places.js';
import { addPictures, type PictureWork } from './add-pictures.js';
import { enterLabelling } from './labelling-places.js';
import type { SegmentLabeller } from './segment-labeller.js';

/** Pictures of footage with boxes, into a set; an answer when all are in. */
export const addPicturesRoute = (work: PictureWork, labellers: ReaderPool<SegmentLabeller>, places: Places): DoorRoute => async (request, _search, response, signal) => {
  const question = AddPicturesQuestion.parse(await json(request));
  const leave = await enterLabelling(places, signal);
  try {
    let answer: AddedFootagePictures | null = null;
    await labellers.use(async (labeller) => void (answer = await addPictures(question, work, labeller, signal)));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  } finally {
    leave();
  }
};
