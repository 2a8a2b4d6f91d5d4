import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgusError, messageOf, type Logger } from '@argus/kernel';
import { ClaimLostError } from '../errors.js';
import type { ClaimedExport } from './export-store.js';
import { runExport, type ExportWork } from './run-export.js';

export interface ExportDuty extends ExportWork {
  readonly log: Logger;
}

/** From the claim to its end, whatever that is. Aborted: what runs is put back. */
export async function seeExportThrough(job: ClaimedExport, duty: ExportDuty, stopping: AbortSignal): Promise<void> {
  const { store, log } = duty;
  const about = { exportId: job.id };
  log.info('export begins', { ...about, ranges: job.ranges.length, finished: job.files.length });
  try {
    await runExport(job, duty, stopping);
    log.info('export is done', about);
  } catch (error) {
    if (error instanceof ClaimLostError) return letGo(job, duty);
    if (stopping.aborted) return store.release(job);
    const text = messageOf(error);
    log.error('export failed', { ...about, error: text });
    // What nobody thought of is told with its kind only; the log has the rest.
    await store.fail(job, error instanceof ArgusError ? withoutFolders(text, duty) : 'an unexpected failure; the log of the worker says more').catch((lost: unknown) => {
      if (!(lost instanceof ClaimLostError)) throw lost;
    });
  }
}

async function letGo({ id }: ClaimedExport, { store, exportsDir, log }: ExportDuty): Promise<void> {
  log.info('export was stopped', { exportId: id });
  if (!(await store.exists(id))) await rm(join(exportsDir, id), { recursive: true, force: true });
}

/** Where things lie on the server is nobody's business. */
const withoutFolders = (text: string, { exportsDir, footage }: ExportWork): string => text.replaceAll(`${exportsDir}/`, '').replaceAll(`${footage.root}/`, '');
