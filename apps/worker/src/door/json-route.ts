import { json } from 'node:stream/consumers';
import type { z } from 'zod';
import type { DoorRoute } from './worker-door.js';

/** A question and an answer in JSON. Throws what a question throws that is not understood. */
export const jsonRoute = <Question>(expected: z.ZodType<Question>, answerTo: (question: Question) => Promise<unknown>): DoorRoute => async (request, _search, response) => {
  const answer = await answerTo(expected.parse(await json(request)));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
};
