import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetFormat } from '@argus/contracts';
import { partOf, writeClassFolders, writeCoco, writeCvatImages, writeCvatVideo, writeDataset, writeDatumaro, writeFolders, writeMot, writeVoc, writeWebDataset, writeYolo, ZipSink, type ExportCount, type FileSink, type SampleSource } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import { DatasetJobFailedError } from '../../errors.js';
import { SetSnapshot, type Snapshot } from '../set-snapshot.js';
import { VersionSnapshot } from '../version-snapshot.js';
import { goOnOrAnew, resumeOptions, type ArchiveWork, type Kept } from './archive-work.js';
import { HalfArchive } from './half-archive.js';
import type { ExportOrder, WrittenExport } from './messages.js';

const WRITERS: { readonly [F in Exclude<DatasetFormat, 'imgdataset'>]: (source: SampleSource, sink: FileSink) => Promise<ExportCount> } = {
  coco: writeCoco, yolo: writeYolo, voc: writeVoc, 'cvat-images': writeCvatImages, 'cvat-video': writeCvatVideo, datumaro: writeDatumaro, mot: writeMot,
  imagenet: writeClassFolders, folders: writeFolders, webdataset: writeWebDataset,
};
/** A file of labels behind each picture. */
const LABELS_BESIDE: ReadonlySet<DatasetFormat> = new Set(['yolo', 'voc']);

/** Of a file's name, without format and ending. */
const MOST_NAME_BYTES = 180;
const SPARE_BYTES = 1e9;

/** One file to take away. One that was begun by a worker which died is gone on with, where the set and what is asked for are the same. */
export async function writeExport(order: ExportOrder, work: ArchiveWork): Promise<WrittenExport> {
  const { options, datasetId, folder } = order;
  const readPicture = async (sha256: string): Promise<Uint8Array> => {
    const content = await work.samples.read(sha256);
    work.addPictures(1);
    return content;
  };
  const { signal } = new AbortController();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const half = await HalfArchive.take(join(folder, 'archive'), isoTime(work.clock.nowMs()));
  const snapshot = options.version === null ? await SetSnapshot.take(work.dataSource, datasetId, options, readPicture, signal) : await VersionSnapshot.take({ datasetId, work, signal }, { ...options, digest: options.version }, readPicture);
  try {
    if (snapshot.count === 0) throw new DatasetJobFailedError('expected samples to export; the set has none, or none that is wanted (completeOnly, splits)');
    requireLabels(options, snapshot);
    const about = aboutOf(order, snapshot);
    const known = await half.result<WrittenExport>(about);
    if (known && (await sizeOf(join(folder, known.file))) === known.bytes) return known;
    await requireRoom(folder, snapshot.bytes - (await half.bytes()));
    work.expect(snapshot.count);
    return await writeFile({ order, work, half, snapshot, about });
  } finally {
    await snapshot.close();
    half.release();
  }
}

interface Writing {
  readonly order: ExportOrder;
  readonly work: ArchiveWork;
  readonly half: HalfArchive;
  readonly snapshot: Snapshot;
  readonly about: string;
}

/** A file of pictures of which all labels were left out teaches that there is nothing on them. Folders have no labels anyway. */
function requireLabels({ format, ignoreUnreviewed }: ExportOrder['options'], { unreviewed, reviewed }: Snapshot): void {
  if (unreviewed === 0 || reviewed > 0 || ignoreUnreviewed || format === 'folders') return;
  throw new DatasetJobFailedError(`expected labels that a person made or looked at; all ${unreviewed} of these samples were made by models only, so nothing is left. Review them, or export with those of models (reviewedOnly=false, --include-unreviewed) or with regions to ignore in their place (ignoreUnreviewed)`);
}

/** What has to be the same for a file to be gone on with. */
function aboutOf({ options, createdBy }: ExportOrder, { state, facts, count }: Snapshot): string {
  return JSON.stringify({ archive: 1, state, facts: { ...facts, head: facts.head?.toString('hex') ?? null }, count, options, createdBy });
}

/** Labels take little beside pictures. */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize - SPARE_BYTES;
  if (bytes > free) throw new DatasetJobFailedError(`the file takes about ${(bytes / 1e9).toFixed(2)} GB, and ${(Math.max(0, free) / 1e9).toFixed(2)} GB may be written (1 GB of the disk is left free); export fewer samples, or remove exports or footage`);
}

/** It has its name when all of it is on the disk. */
async function writeFile(writing: Writing): Promise<WrittenExport> {
  const { order: { options: { format }, folder }, half, snapshot, about } = writing;
  const file = fileName(snapshot.name, format);
  const [part, count] = format === 'imgdataset' ? await writeSealed(writing) : await writeZip(WRITERS[format], writing);
  const sha256 = await digestOf(part);
  const { size: bytes } = await stat(part);
  await flush(part);
  const written = { file, bytes, sha256, count, originals: snapshot.originals, incomplete: snapshot.incomplete, unreviewed: snapshot.unreviewed };
  await half.keepResult(about, written);
  await rename(part, join(folder, file));
  await flush(folder);
  return written;
}

async function writeZip(write: (source: SampleSource, sink: FileSink) => Promise<ExportCount>, { order, work, half, snapshot, about }: Writing): Promise<[string, ExportCount]> {
  const path = half.path('archive');
  const perPicture = LABELS_BESIDE.has(order.options.format) ? 2 : 1;
  const picturesIn = ({ entries }: Kept): number => Math.min(snapshot.count, Math.floor(entries / perPicture));
  const count = await goOnOrAnew(half, work, picturesIn, async (onBegin) => {
    const sink = await ZipSink.open(path, resumeOptions(about, order.flushBytes));
    try {
      onBegin(sink.kept, sink.refusal);
      const written = await write(snapshot, sink);
      await sink.finish();
      return written;
    } finally {
      await sink.abandon();
    }
  });
  return [partOf(path), count];
}

async function writeSealed({ order, work, half, snapshot, about }: Writing): Promise<[string, ExportCount]> {
  const path = half.path('archive');
  const { name, licence, source, retentionDays, head } = snapshot.facts;
  const description = { datasetId: order.datasetId, name, parents: head ? [head.toString('hex')] : [], createdAt: half.begunAt, createdBy: order.createdBy, producer: 'argus', message: '', labels: [], licence, source, retentionDays };
  const { counts } = await goOnOrAnew(half, work, ({ entries }) => Math.min(snapshot.count, entries), (onBegin) =>
    writeDataset(snapshot, description, path, { overwrite: true, resumable: { folder: half.path('work'), onBegin, ...resumeOptions(about, order.flushBytes) } }),
  );
  return [path, { images: counts.samples, annotations: counts.annotations, leftOut: {} }];
}

const sizeOf = (path: string): Promise<number | null> => stat(path).then(({ size }) => size, () => null);

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function flush(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}

/** Safe on every file system; signs of all languages are kept. */
function fileName(name: string, format: DatasetFormat): string {
  let stem = '';
  for (const sign of name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')) {
    if (Buffer.byteLength(stem + sign) > MOST_NAME_BYTES) break;
    stem += sign;
  }
  return format === 'imgdataset' ? `${stem || 'set'}.imgdataset` : `${stem || 'set'}-${format}.zip`;
}
