import { ArgusError, messageOf } from '@argus/kernel';
import type { Extraction } from '@argus/media';
import { extractVideo } from './extract-video.js';
import type { FromChild, ToChild, VideoJob } from './messages.js';

/** Works on one video after the other for `argus extract`; native code that crashes on one takes no other along. Ends with its parent. */
const PROGRESS_MS = 500;

let abort = new AbortController();
let working: Promise<void> | null = null;

process.on('message', (message: ToChild) => {
  if (message.type === 'stop') abort.abort(new Error('stopped'));
  else working = work(message);
});
// Nobody is left to be told: what is on the disk is what counts.
process.once('disconnect', () => {
  abort.abort(new Error('stopped'));
  void (working ?? Promise.resolve()).finally(() => process.exit(1));
});
// Ctrl+C reaches all processes of a terminal; the parent decides.
process.on('SIGINT', () => undefined);

async function work(job: VideoJob): Promise<void> {
  abort = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const tell = (extraction: Extraction) => {
    const { given, atUs, seconds } = extraction.report;
    send({ type: 'progress', added: given, atUs, seconds });
  };
  const { signal } = abort;
  try {
    const done = await extractVideo(job, { signal, started: (extraction) => (timer = setInterval(() => tell(extraction), PROGRESS_MS)) });
    send(done);
  } catch (error) {
    if (signal.aborted) send({ type: 'stopped' });
    else send({ type: 'failed', code: error instanceof ArgusError ? error.code : 'unexpected', message: messageOf(error) });
  } finally {
    if (timer !== null) clearInterval(timer);
  }
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}
