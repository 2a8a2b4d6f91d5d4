import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface WorkerAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks the worker for what takes native code: this process computes nothing. @throws what the connection throws, and where there is no answer in time */
export async function askWorker(socketPath: string, path: string, question: unknown, answerMs: number): Promise<WorkerAnswer> {
  const gone = AbortSignal.timeout(answerMs);
  try {
    const body = await openWorker(socketPath, path, question, gone);
    return { status: body.statusCode ?? 0, body: await text(body) };
  } catch (error) {
    throw gone.aborted ? new Error(`no answer within ${answerMs / 1000} s`, { cause: error }) : error;
  }
}

/** As askWorker, for an answer that is read while it is made. Who does not want it any more aborts: then the worker stops. */
export function openWorker(socketPath: string, path: string, question: unknown, signal: AbortSignal): Promise<IncomingMessage> {
  const content = JSON.stringify(question);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'POST', agent: false, signal, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) } });
    asked.once('error', reject);
    asked.once('response', resolve);
    asked.end(content);
  });
}
