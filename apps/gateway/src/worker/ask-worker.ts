import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface WorkerAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks the worker for what takes native code: this process computes nothing. @throws what the connection throws, and where there is no answer in time */
export function askWorker(socketPath: string, path: string, question: unknown, answerMs: number): Promise<WorkerAnswer> {
  const content = JSON.stringify(question);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'POST', agent: false, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) } });
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
    asked.once('close', () => clearTimeout(timer));
    asked.once('error', reject);
    asked.once('response', (response) => text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject));
    asked.end(content);
  });
}
