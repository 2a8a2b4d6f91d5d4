import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { planFootage, readSegment } from '@argus/footage';
import { copyFilm } from '@argus/media';

/** A stretch of recorded footage as one file, as an export does it: read, copied, hashed, indexed. `node copy-process.ts SEGMENTS FILE`; one line of JSON. */
const [folder = '', path = ''] = process.argv.slice(2);
// An export has these from the database.
const segments = [];
for (const name of readdirSync(folder).sort()) segments.push(await readSegment(join(folder, name)));
const startedMs = performance.now();
const plan = planFootage(segments, segments[0]?.startMs ?? 0, Infinity);
if (plan === null) throw new Error(`expected footage in ${folder}, there is none`);
const { bytes, sha256 } = await copyFilm({ plan, path, signal: new AbortController().signal, onProgress: () => undefined });
process.stdout.write(`${JSON.stringify({ copySeconds: (performance.now() - startedMs) / 1000, bytes, sha256, segments: segments.length, pictures: segments.flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0) })}\n`);
