import type { DatasetJobOptions } from '@argus/contracts';
import type { DatasetEntity } from '@argus/database';
import type { DataSource } from 'typeorm';
import { requireMayExport } from '../auth/camera-access.js';
import { ForbiddenError } from '../auth/errors.js';
import { may, type Principal } from '../auth/principal.js';
import { NoLicenceError, OriginalSamplesError } from '../datasets/errors.js';

type ExportOptions = Extract<DatasetJobOptions, { kind: 'export' }>;

const ORIGINALS = `SELECT count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND removed_at IS NULL AND is_original AND ($2::text[] IS NULL OR coalesce(split, 'none') = ANY ($2)) AND (complete OR NOT $3)`;

/** Of a version all originals count, whichever of its samples are wanted. @throws ForbiddenError, CameraRightError, NoLicenceError, OriginalSamplesError */
export async function requireExportRight(dataSource: DataSource, set: DatasetEntity, { audience, splits, completeOnly }: ExportOptions, caller: Principal, version: { readonly originals: number } | null): Promise<void> {
  if (!may(caller, 'dataset.export')) throw new ForbiddenError('dataset.export');
  for (const id of set.cameraIds) requireMayExport(caller, id);
  if (audience === 'public' && set.licence === null) throw new NoLicenceError(set.name);
  if (version) return requireOriginals(version.originals, caller);
  const [row] = (await dataSource.query(ORIGINALS, [set.id, splits, completeOnly])) as { count: number }[];
  requireOriginals(row?.count ?? 0, caller);
}

/** @throws OriginalSamplesError where there are pictures among them that the caller may not have */
export function requireOriginals(count: number, caller: Principal): void {
  if (count > 0 && !may(caller, 'recording.original')) throw new OriginalSamplesError(count);
}
