import 'reflect-metadata';
import { join } from 'node:path';
import { createDataSource } from '@argus/database';
import { DatasetFileError, ShardReader } from '@argus/datasets';
import { ArgusError, messageOf, systemClock } from '@argus/kernel';
import type { ArchiveOrder, FromArchive, PictureAnswer, ToArchive, WrittenExport, WrittenVersion } from './messages.js';
import { writeExport } from './write-export.js';
import { writeSeal } from './write-seal.js';
import type { ArchiveWork } from './archive-work.js';

/** A snapshot holds one connection; the other is for what is asked beside it. */
const POOL_SIZE = 2;
const TELL_EVERY_MS = 500;

/** A process that writes one whole set into a file. It runs nothing native that strangers' pictures could break, so it may know the database. */
const send = (message: FromArchive): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};
const questions = new Map<number, (answer: PictureAnswer) => void>();

process.on('disconnect', () => process.exit(0));
// The worker decides when its children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToArchive) => {
  if (message.type === 'picture') {
    questions.get(message.question)?.(message.answer);
    questions.delete(message.question);
    return;
  }
  const { request, order } = message;
  write(request, order).then(
    (answer) => send({ type: 'done', request, answer }),
    (error: unknown) => send({ type: 'failed', request, message: error instanceof ArgusError ? messageOf(error) : error instanceof Error ? (error.stack ?? error.message) : String(error), isTold: error instanceof ArgusError }),
  );
});

async function write(request: number, order: ArchiveOrder): Promise<WrittenExport | WrittenVersion | null> {
  const dataSource = await createDataSource(order.databaseUrl, { poolSize: POOL_SIZE }).initialize();
  const reader = new ShardReader(join(order.samplesDir, 'shards'));
  let asked = 0;
  let pictures = 0;
  let toldMs = -Infinity;
  const ask = (sha256: string, whole: boolean): Promise<PictureAnswer> =>
    new Promise((resolve) => {
      asked += 1;
      questions.set(asked, resolve);
      send({ type: 'picture', request, question: asked, sha256, whole });
    });
  /** Most lie in the samples folder, where this process reads them itself. */
  const read = async (sha256: string): Promise<Uint8Array> => {
    const near = await ask(sha256, false);
    const found = 'place' in near && near.place ? await reader.read(near.place).catch(() => null) : null;
    if (found !== null) return found;
    const whole = await ask(sha256, true);
    if ('content' in whole) return whole.content;
    throw new DatasetFileError('trouble' in whole ? whole.trouble : `expected the picture ${sha256}, got no answer`, { sha256 });
  };
  const work: ArchiveWork = {
    dataSource,
    samplesDir: order.samplesDir,
    clock: systemClock,
    // The worker takes out of messages what nobody is to know.
    hide: (text) => text,
    samples: { read },
    expect: (samples) => send({ type: 'expect', request, samples }),
    addPictures(count) {
      pictures += count;
      if (performance.now() - toldMs < TELL_EVERY_MS) return;
      toldMs = performance.now();
      send({ type: 'pictures', request, done: pictures });
    },
    note: (note) => send({ type: 'note', request, note }),
  };
  try {
    return order.what === 'export' ? await writeExport(order, work) : await writeSeal(order, work);
  } finally {
    await reader.close();
    await dataSource.destroy();
  }
}
