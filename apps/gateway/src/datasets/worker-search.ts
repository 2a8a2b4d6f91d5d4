import { SearchAnswer, type SearchQuestion } from '@argus/contracts';
import { z } from 'zod';
import { askWorker } from '../worker/ask-worker.js';
import { SampleSearchError } from './errors.js';

/** The first search after many pictures came in copies their vectors first. */
const ANSWER_MS = 120_000;
const Refusal = z.object({ code: z.string(), message: z.string() });

/** The worker has the models. @throws SampleSearchError */
export async function searchByWorker(socketPath: string, question: SearchQuestion): Promise<SearchAnswer> {
  const { status, body } = await askWorker(socketPath, '/search', question, ANSWER_MS).catch((error: unknown) => {
    throw SampleSearchError.away(error);
  });
  if (status === 200) return SearchAnswer.parse(JSON.parse(body));
  const refusal = Refusal.safeParse(parsed(body));
  throw refusal.success ? SampleSearchError.of(refusal.data) : SampleSearchError.away(new Error(`status ${status}`));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
