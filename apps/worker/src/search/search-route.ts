import { buffer } from 'node:stream/consumers';
import { SearchQuestion } from '@argus/contracts';
import type { DoorRoute } from '../door/worker-door.js';
import type { PictureSearch } from './picture-search.js';

export const searchRoute = (search: PictureSearch): DoorRoute => async (request, _search, response) => {
  const question = SearchQuestion.parse(JSON.parse((await buffer(request)).toString('utf8')));
  const answer = await search.find(question);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
};
