import type { Annotation, Sample, Split } from '@argus/contracts';

/** A picture of a foreign set with what is said of it. Whoever reads it takes the picture from the tree and makes a sample of both. */
export interface ImportedImage {
  /** Where the picture lies in the tree. null: labels speak of it, but it is not there. */
  readonly path: string | null;
  /** Without folders, as it is spelled. */
  readonly name: string;
  /** As the labels say; null where they do not. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly split: Split | null;
  /** Folder, sequence or task: each becomes a set of its own where that is wanted. */
  readonly group: string;
  readonly annotations: readonly Annotation[];
  readonly attributes: Sample['attributes'];
  /** What only sets of ours know of a picture. */
  readonly ours: Pick<Sample, 'origin' | 'quality' | 'complete' | 'focus'>;
}

export const NOTHING_OF_OURS: ImportedImage['ours'] = { origin: null, quality: null, complete: false, focus: false };

/** The sample that an imported picture is, once its bytes are known. */
export function sampleOf(image: ImportedImage, picture: Pick<Sample, 'sha256' | 'mime' | 'bytes' | 'width' | 'height'>): Sample {
  return { ...picture, name: image.name, split: image.split, ...image.ours, annotations: [...image.annotations], attributes: image.attributes };
}

/** What was written, and what the format had no place for: cause to count. */
export interface ExportCount {
  images: number;
  annotations: number;
  readonly leftOut: Record<string, number>;
}

export function leaveOut(count: ExportCount, cause: string, howMany = 1): void {
  count.leftOut[cause] = (count.leftOut[cause] ?? 0) + howMany;
}
