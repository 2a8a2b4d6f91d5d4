import type { Export } from '@argus/contracts';
import { ExportEntity } from '@argus/database';

const DAY_MS = 86_400_000;

/** A row as whoever may see it gets it. */
export function exportOfRow(row: ExportEntity, keepDays: number): Export {
  const { id, title, note, ranges, options, state, progress, files, error, manifestSha256, estimatedBytes, createdBy } = row;
  return {
    id, title, note, ranges, options, state, progress, files, error, manifestSha256, estimatedBytes, createdBy,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: row.finishedAt && new Date(row.finishedAt.getTime() + keepDays * DAY_MS).toISOString(),
  };
}

/** Whoever works on it learns by its claim that it is stopped. */
export const cancelSql = `UPDATE exports SET state = 'cancelled', claim = NULL, claimed_until = NULL, finished_at = $2, progress = progress || '{"bytesPerSecond": null, "secondsLeft": null}'
  WHERE id = $1 AND state IN ('queued', 'running')`;

export const resumeSql = `UPDATE exports SET state = 'queued', finished_at = NULL, error = NULL, manifest_sha256 = NULL, attempts = 0 WHERE id = $1 AND state IN ('failed', 'cancelled')`;

