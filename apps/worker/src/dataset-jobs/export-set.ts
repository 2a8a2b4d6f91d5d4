import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetFormat } from '@argus/contracts';
import { writeClassFolders, writeCoco, writeCvatImages, writeCvatVideo, writeDataset, writeDatumaro, writeFolders, writeMot, writeVoc, writeWebDataset, writeYolo, ZipSink, type ExportCount, type FileSink, type SampleSource } from '@argus/datasets';
import { isoTime, newId } from '@argus/kernel';
import { DatasetJobFailedError } from '../errors.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { SetSnapshot, type Snapshot } from './set-snapshot.js';
import { VersionSnapshot } from './version-snapshot.js';

const WRITERS: { readonly [F in Exclude<DatasetFormat, 'imgdataset'>]: (source: SampleSource, sink: FileSink) => Promise<ExportCount> } = {
  coco: writeCoco, yolo: writeYolo, voc: writeVoc, 'cvat-images': writeCvatImages, 'cvat-video': writeCvatVideo, datumaro: writeDatumaro, mot: writeMot,
  imagenet: writeClassFolders, folders: writeFolders, webdataset: writeWebDataset,
};

/** Of a file's name, without format and ending. */
const MOST_NAME_BYTES = 180;
const SPARE_BYTES = 1e9;

/** One file to take away, of the set as it is now. After a crash it is begun anew: half an archive is of no use. */
export const exportSet: RunKind<'export'> = async (job) => {
  const { datasetId, options, work, signal } = job;
  const folder = datasetExportFolder(work.exportsDir, job.id);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let done = 0;
  const readPicture = async (sha256: string): Promise<Uint8Array> => {
    const content = await work.samples.read(sha256);
    await job.tell((done += 1));
    return content;
  };
  const snapshot = options.version === null ? await SetSnapshot.take(work.dataSource, datasetId, options, readPicture, signal) : await VersionSnapshot.take(job, { ...options, digest: options.version }, readPicture);
  try {
    if (snapshot.count === 0) throw new DatasetJobFailedError('expected samples to export; the set has none, or none that is wanted (completeOnly, splits)');
    await requireRoom(folder, snapshot.bytes);
    await job.expect(snapshot.count, ['export']);
    const file = fileName(snapshot.name, options.format);
    const { count, bytes, sha256 } = await writeFile(job, snapshot, folder, file);
    const { originals, incomplete } = snapshot;
    return async () => ({ kind: 'export', file, bytes, sha256, samples: count.images, annotations: count.annotations, originals, incomplete, leftOut: count.leftOut });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await snapshot.close();
  }
};

/** Labels take little beside pictures. */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize - SPARE_BYTES;
  if (bytes > free) throw new DatasetJobFailedError(`the file takes about ${(bytes / 1e9).toFixed(2)} GB, and ${(Math.max(0, free) / 1e9).toFixed(2)} GB may be written (1 GB of the disk is left free); export fewer samples, or remove exports or footage`);
}

/** Where the file of a job lies; nobody else writes there. */
export const datasetExportFolder = (exportsDir: string, jobId: string): string => join(exportsDir, 'datasets', jobId);

/** It has its name when all of it is on the disk. */
async function writeFile(job: JobOf<'export'>, snapshot: Snapshot, folder: string, name: string): Promise<{ count: ExportCount; bytes: number; sha256: string }> {
  const part = join(folder, `.${newId()}.zip`);
  const count = job.options.format === 'imgdataset' ? await writeSealed(job, snapshot, part) : await writeZip(WRITERS[job.options.format], snapshot, part);
  const sha256 = await digestOf(part);
  const { size } = await stat(part);
  await flush(part);
  await rename(part, join(folder, name));
  await flush(folder);
  return { count, bytes: size, sha256 };
}

async function writeZip(write: (source: SampleSource, sink: FileSink) => Promise<ExportCount>, snapshot: Snapshot, path: string): Promise<ExportCount> {
  const sink = new ZipSink(path);
  const count = await write(snapshot, sink);
  await sink.close();
  return count;
}

async function writeSealed({ datasetId, createdBy, work }: JobOf<'export'>, snapshot: Snapshot, path: string): Promise<ExportCount> {
  const { name, licence, source, retentionDays, head } = snapshot.facts;
  const description = { datasetId, name, parents: head ? [head.toString('hex')] : [], createdAt: isoTime(work.clock.nowMs()), createdBy, producer: 'argus', message: '', labels: [], licence, source, retentionDays };
  const { counts } = await writeDataset(snapshot, description, path);
  return { images: counts.samples, annotations: counts.annotations, leftOut: {} };
}

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
