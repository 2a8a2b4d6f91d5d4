import { isoTime, newId } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';

export interface Retired {
  readonly samples: number;
  readonly versions: number;
}

interface KeptSet {
  readonly id: string;
  readonly days: number;
}

const DAY_MS = 86_400_000;
/** In one transaction: whoever works on the set waits for it. */
const BATCH = 5000;

/** Removed ones too. A sample is as old as its picture where that is known: copying it makes it no younger. */
const SAMPLES = `
  DELETE FROM dataset_samples WHERE dataset_id = $1 AND sha256 IN (
    SELECT sha256 FROM dataset_samples WHERE dataset_id = $1 AND coalesce(wall_at, added_at) < $2 ORDER BY sha256 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
/** All of a version goes with its oldest picture, unless somebody keeps it. */
const VERSIONS = `UPDATE dataset_versions SET gone_at = $3 WHERE dataset_id = $1 AND NOT is_kept AND gone_at IS NULL AND coalesce(oldest_at, created_at) < $2 RETURNING digest`;
const AUDIT = `INSERT INTO audit (id, at, actor, action, subject, subject_id, details) VALUES ($1, $2, 'argus', 'dataset.retention', 'dataset', $3, $4)`;

/** Takes out of sets what they keep no longer. The pictures themselves are collected when nothing else uses them. */
export async function retireSamples(dataSource: DataSource, nowMs: number, signal: AbortSignal): Promise<Retired> {
  const sum = { samples: 0, versions: 0 };
  const sets = (await dataSource.query('SELECT id, retention_days AS days FROM datasets WHERE retention_days IS NOT NULL ORDER BY id')) as KeptSet[];
  for (const set of sets) {
    for (let more = true; more && !signal.aborted; ) {
      const retired = await dataSource.transaction((manager) => retireSome(manager, set, nowMs));
      sum.samples += retired.samples;
      sum.versions += retired.versions;
      more = retired.samples === BATCH;
    }
  }
  return sum;
}

async function retireSome(manager: EntityManager, { id, days }: KeptSet, nowMs: number): Promise<Retired> {
  const [before, now] = [isoTime(nowMs - days * DAY_MS), isoTime(nowMs)];
  const [, samples] = (await manager.query(SAMPLES, [id, before])) as [unknown, number];
  const [gone, versions] = (await manager.query(VERSIONS, [id, before, now])) as [{ digest: Buffer }[], number];
  if (samples + versions === 0) return { samples, versions };
  if (samples > 0) await manager.query('UPDATE datasets SET revision = revision + 1, updated_at = $2 WHERE id = $1', [id, now]);
  await manager.query('UPDATE datasets SET head_revision = NULL WHERE id = $1 AND head = ANY ($2)', [id, gone.map(({ digest }) => digest)]);
  await manager.query(AUDIT, [newId(), now, id, JSON.stringify({ days, before, samples, versions: gone.map(({ digest }) => digest.toString('hex')) })]);
  return { samples, versions };
}
