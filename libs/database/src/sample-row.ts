import { Annotation, type Sample } from '@argus/contracts';

/** A sample of a set as it lies in `dataset_samples` (s) and `pictures` (p), without its annotations. */
export interface SamplePartsRow {
  readonly sha256: Buffer;
  readonly mime: Sample['mime'];
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly group_name: string;
  readonly camera_id: NonNullable<Sample['origin']>['cameraId'];
  readonly video: string | null;
  readonly frame_index: number | null;
  readonly pts_us: string | null;
  readonly wall_at: Date | null;
  readonly time_zone: string | null;
  readonly tz_version: string | null;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  readonly phash: string | null;
  readonly split: Sample['split'];
  readonly complete: boolean;
  readonly focus: boolean;
}

export interface SampleRow extends SamplePartsRow {
  readonly annotations: unknown;
  readonly attributes: Sample['attributes'];
}

export const SAMPLES = 'FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256';
export const SAMPLE_PARTS = `s.sha256, p.mime, p.bytes, p.width, p.height, s.name, s.group_name, s.camera_id, s.video, s.frame_index, s.pts_us, s.wall_at, s.time_zone, s.tz_version,
  s.sharpness, s.brightness, s.phash, s.split, s.complete, s.focus`;

/** What is said of a sample besides whether its picture is an original: what a version keeps. */
export const SAMPLE_COLUMNS = [
  'name', 'group_name', 'camera_id', 'video', 'frame_index', 'pts_us', 'wall_at', 'time_zone', 'tz_version', 'sharpness', 'brightness', 'phash', 'split', 'complete', 'focus', 'annotations', 'labels', 'attributes',
] as const;
/** What a sample brings along into another set. */
export const COPIED_COLUMNS = ['is_original', ...SAMPLE_COLUMNS].join(', ');

/** Sixteen hexadecimal digits as PostgreSQL keeps them, signed, and back. */
export const storedPhash = (phash: string): string => BigInt.asIntN(64, BigInt(`0x${phash}`)).toString();
export const phashOf = (stored: string): string => BigInt.asUintN(64, BigInt(stored)).toString(16).padStart(16, '0');

/** What `labels` holds. */
export const labelsOf = (annotations: readonly Pick<Annotation, 'label'>[]): string[] => [...new Set(annotations.map(({ label }) => label))].sort();

export function samplePartsOf(row: SamplePartsRow): Omit<Sample, 'annotations' | 'attributes'> {
  const { mime, bytes, width, height, name, split, complete, focus } = row;
  return {
    sha256: row.sha256.toString('hex'), mime, bytes, width, height, name, split, complete, focus,
    origin: {
      cameraId: row.camera_id,
      group: row.group_name,
      video: row.video,
      frameIndex: row.frame_index,
      ptsUs: row.pts_us === null ? null : Number(row.pts_us),
      wallTime: row.wall_at?.toISOString() ?? null,
      timeZone: row.time_zone,
      tzVersion: row.tz_version,
    },
    quality: row.sharpness === null || row.brightness === null || row.phash === null ? null : { sharpness: row.sharpness, brightness: row.brightness, phash: phashOf(row.phash) },
  };
}

export const sampleOf = (row: SampleRow): Sample => ({ ...samplePartsOf(row), annotations: Annotation.array().parse(row.annotations), attributes: row.attributes });
