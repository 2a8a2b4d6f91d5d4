import { maskedAreas, PrivacyMask, type CameraId, type Export, type ExportOptions, type PointNormalized } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import { ExportFailedError } from '../errors.js';

type Range = Export['ranges'][number];

/** Of one camera, as they are now. */
export interface CameraMasks {
  readonly areas: readonly (readonly PointNormalized[])[];
  /** When the last one was taken away. */
  readonly until: Date | null;
  /** When they were last changed after the moment that was asked for. */
  readonly changedAt: Date | null;
}

/** What of a camera's pictures is covered. */
export interface Cover {
  readonly areas: CameraMasks['areas'];
  /** Pictures of before were under masks, and are for those who may see originals. */
  readonly notBeforeMs: number;
}

const MASKS = `
  SELECT privacy_masks AS masks, masked_until AS until,
    (SELECT max(at) FROM audit WHERE action = 'camera.mask' AND subject = 'camera' AND subject_id = cameras.id::text AND at > $2) AS "changedAt"
  FROM cameras WHERE id = $1`;

/** null: the camera is gone, and with it what is known of its masks. */
export async function readCameraMasks(dataSource: DataSource, cameraId: CameraId, fromMs: number): Promise<CameraMasks | null> {
  const [row] = (await dataSource.query(MASKS, [cameraId, new Date(fromMs)])) as { masks: unknown; until: Date | null; changedAt: Date | null }[];
  return row ? { areas: maskedAreas({ privacyMasks: PrivacyMask.array().parse(row.masks) }), until: row.until, changedAt: row.changedAt } : null;
}

/** What is covered of a camera's pictures now; null: it is gone. */
export async function readMaskedAreas(dataSource: DataSource, cameraId: CameraId): Promise<CameraMasks['areas'] | null> {
  const [row] = (await dataSource.query('SELECT privacy_masks AS masks FROM cameras WHERE id = $1', [cameraId])) as { masks: unknown }[];
  return row ? maskedAreas({ privacyMasks: PrivacyMask.array().parse(row.masks) }) : null;
}

/** @throws ExportFailedError where nobody can say what is to be covered */
export function coverOf({ cameraName, from }: Range, { original }: Pick<ExportOptions, 'original'>, masks: CameraMasks | null): Cover {
  if (original) return { areas: [], notBeforeMs: -Infinity };
  if (masks === null) throw new ExportFailedError(`the camera "${cameraName}" was removed, so that nobody can say any more what masks to burn in; an export of the original takes the permission "recording.original"`);
  const notBeforeMs = masks.areas.length > 0 ? -Infinity : (masks.until?.getTime() ?? -Infinity);
  if (Date.parse(from) < notBeforeMs) throw new ExportFailedError(`the camera "${cameraName}" had privacy masks until ${(masks.until as Date).toISOString()} and has none now, so that none can be burnt in; an export of the original takes the permission "recording.original"`);
  return { areas: masks.areas, notBeforeMs };
}

/** What the manifest says of masks, beside the options; null: nothing. */
export function maskNote({ cameraName }: Range, masks: CameraMasks | null, isMasked: boolean): string | null {
  const changed = masks?.changedAt ? `; its masks were last changed at ${masks.changedAt.toISOString()}, after the time that was asked for, so that others may have held then` : '';
  if (isMasked) return `${cameraName}: the privacy masks that the camera had when this was exported are burnt in${changed}`;
  if (masks === null) return `${cameraName}: the camera was removed; this is the original, and nobody can say any more whether it had privacy masks`;
  return masks.areas.length > 0 || masks.until !== null ? `${cameraName}: the camera has or had privacy masks; this is the original, without them${changed}` : null;
}
