import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { SearchAnswer, type SearchQuestion } from '@argus/contracts';
import { z } from 'zod';
import { SampleSearchError } from './errors.js';

/** The first search after many pictures came in copies their vectors first. */
const ANSWER_MS = 120_000;
const Refusal = z.object({ code: z.string(), message: z.string() });

/** Asks the worker, which has the models: this process computes nothing. @throws SampleSearchError */
export async function askWorker(socketPath: string, question: SearchQuestion): Promise<SearchAnswer> {
  const { status, body } = await post(socketPath, '/search', JSON.stringify(question)).catch((error: unknown) => {
    throw SampleSearchError.away(error);
  });
  if (status === 200) return SearchAnswer.parse(JSON.parse(body));
  const refusal = Refusal.safeParse(parsed(body));
  throw refusal.success ? SampleSearchError.of(refusal.data) : SampleSearchError.away(new Error(`status ${status}`));
}

function post(socketPath: string, path: string, content: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'POST', agent: false, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) } });
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    asked.once('close', () => clearTimeout(timer));
    asked.once('error', reject);
    asked.once('response', (response) => text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject));
    asked.end(content);
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
