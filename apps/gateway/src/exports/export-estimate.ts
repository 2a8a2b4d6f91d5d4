import { statfs } from 'node:fs/promises';
import type { CreateExport, ExportEstimate } from '@argus/contracts';
import type { DataSource } from 'typeorm';

/** What exports leave free for everything else that writes there. As the worker's. */
const RESERVE_BYTES = 1_000_000_000;

/** A segment's share of the range by its time: good to a group of pictures at each end. */
const SIZE = `
  SELECT coalesce(sum(bytes * share), 0)::float8 AS bytes, coalesce(sum(share * extract(epoch FROM end_at - start_at)), 0)::float8 AS seconds FROM (
    SELECT bytes, start_at, end_at, extract(epoch FROM least(end_at, $3::timestamptz) - greatest(start_at, $2::timestamptz)) / greatest(extract(epoch FROM end_at - start_at), 0.001) AS share
    FROM recording_segments WHERE camera_id = $1 AND start_at < $3 AND start_at > $2::timestamptz - interval '1 hour' AND end_at > $2
  ) AS part`;

/** What jobs that wait or run will still write. */
const PROMISED = `SELECT coalesce(sum(greatest(0, estimated_bytes - (progress->>'bytes')::float8)), 0)::float8 AS bytes FROM exports WHERE state IN ('queued', 'running')`;

/** How large an export of these ranges would be, and how much may be written. Encoded pictures take about what the camera sent. `masked`: of each range, whether masks are burnt in. */
export async function estimateExport(dataSource: DataSource, exportsDir: string, { ranges }: Pick<CreateExport, 'ranges'>, masked: readonly boolean[]): Promise<ExportEstimate> {
  const sizes: ExportEstimate['ranges'] = [];
  for (const [index, { cameraId, from, to }] of ranges.entries()) {
    const [size] = (await dataSource.query(SIZE, [cameraId, new Date(from), new Date(to)])) as { bytes: number; seconds: number }[];
    sizes.push({ bytes: Math.round(size?.bytes ?? 0), seconds: Math.round((size?.seconds ?? 0) * 10) / 10, masked: masked[index] ?? false });
  }
  const [promised] = (await dataSource.query(PROMISED)) as { bytes: number }[];
  const { bavail, bsize } = await statfs(exportsDir);
  return { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), availableBytes: Math.max(0, Math.floor(bavail * bsize - RESERVE_BYTES - (promised?.bytes ?? 0))), ranges: sizes };
}
