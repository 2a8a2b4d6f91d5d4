import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDataset } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import { syncFolder } from '../../extract/write-durably.js';
import { ALL, SetSnapshot } from '../set-snapshot.js';
import { versionFile, versionsFolder } from '../version-file.js';
import { goOnOrAnew, resumeOptions, type ArchiveWork } from './archive-work.js';
import { HalfArchive } from './half-archive.js';
import type { SealOrder, WrittenVersion } from './messages.js';

/** The set as it is now in a package that names pictures without holding them; null: there is nothing in it. */
export async function writeSeal({ jobId, datasetId, createdBy, message, samplesDir, flushBytes }: SealOrder, work: ArchiveWork): Promise<WrittenVersion | null> {
  const folder = versionsFolder(samplesDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const half = await HalfArchive.take(join(folder, sealPrefix(jobId)), isoTime(work.clock.nowMs()));
  const snapshot = await SetSnapshot.take(work.dataSource, datasetId, ALL, (sha256) => work.samples.read(sha256), new AbortController().signal);
  try {
    if (snapshot.count === 0) return null;
    const { name, licence, source, retentionDays, head, revision } = snapshot.facts;
    const parents = head ? [head.toString('hex')] : [];
    const about = JSON.stringify({ seal: 1, revision, name, licence, source, retentionDays, parents, message, createdBy });
    const known = await half.result<WrittenVersion>(about);
    if (known && (await stat(versionFile(samplesDir, known.version)).then(({ size }) => size > 0, () => false))) return known;
    work.expect(snapshot.count);
    const createdAt = half.begunAt;
    const description = { datasetId, name, parents, createdAt, createdBy, producer: 'argus', message, labels: [], licence, source, retentionDays };
    const part = half.path('package');
    const { version, counts } = await goOnOrAnew(half, work, () => 0, (onBegin) =>
      writeDataset(snapshot, description, part, { pictures: 'elsewhere', overwrite: true, resumable: { folder: half.path('work'), onBegin, ...resumeOptions(about, flushBytes) } }),
    );
    const { oldestAt, originals } = snapshot;
    const written = { version, counts, parents, createdAt, revision, oldestAt: oldestAt?.toISOString() ?? null, originals };
    await half.keepResult(about, written);
    // The same content is the same file, whichever set has it.
    await rename(part, versionFile(samplesDir, version));
    await syncFolder(folder);
    return written;
  } finally {
    await snapshot.close();
    half.release();
  }
}

/** Of the folder in which a job seals. */
export const sealPrefix = (jobId: string): string => `.${jobId}`;
