import { createLogger, systemClock } from '@argus/kernel';
import { PixelRing } from '../../ring/pixel-ring.js';
import type { FromChild, MaskOrder, RepairOrder, ToChild } from '../messages.js';
import { IngestHost } from './ingest-host.js';
import { probeSource } from './probe-source.js';
import { repairFootage } from './repair-footage.js';
import { diskRepairer } from './recorded-segment.js';

const BEAT_MS = 1000;
const STALL_CHECK_MS = 500;

/**
 * An ingest child: the only kind of process that loads native media code. `argv[2]` is the path of its pixel ring, or `probe`
 * for a throw-away child that tries one URL (the URL comes by message: argv is visible to all), or `repair` for one that makes footage of
 * files that were not finished.
 */
const send = (message: FromChild, done?: () => void): void => {
  // The parent may be gone a moment before we are told: 'disconnect' follows and ends us, the error itself says nothing more.
  if (process.connected) process.send?.(message, undefined, undefined, () => done?.());
};

process.on('disconnect', () => process.exit(0));
// The parent decides when children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);

if (process.argv[2] === 'probe') {
  process.once('message', (message) => {
    const { url, fileRoots, masks } = message as { url: string; fileRoots: string[]; masks: MaskOrder['areas'] };
    void probeSource({ url, fileRoots, masks }, systemClock).then((result) => send({ type: 'probed', result }, () => process.exit(0)));
  });
} else if (process.argv[2] === 'repair') {
  const log = createLogger('repair');
  process.once('message', (message) => void repairFootage(message as RepairOrder, diskRepairer, (segment) => send({ type: 'segment', segment, run: 0, media: null }), log).then(() => send({ type: 'ended' }, () => process.disconnect())));
} else {
  const host = new IngestHost(new PixelRing(process.argv[2] ?? ''), send, createLogger('ingest'));
  process.on('message', (message) => host.handle(message as ToChild));
  setInterval(() => host.checkStalls(performance.now()), STALL_CHECK_MS);
  setInterval(() => host.beat(), BEAT_MS);
}
send({ type: 'ready' });
