import type { DatasetCounts, DatasetId, DatasetJobId } from '@argus/contracts';
import type { ExportCount, SampleLocation } from '@argus/datasets';
import type { OptionsOf } from '../job-in-hand.js';
import type { SnapshotOptions } from '../set-snapshot.js';

/** What is needed for any archive. */
interface Order {
  readonly databaseUrl: string;
  readonly samplesDir: string;
  readonly jobId: DatasetJobId;
  readonly datasetId: DatasetId;
  readonly createdBy: string;
  readonly flushBytes: number | undefined;
}

export interface ExportOrder extends Order {
  readonly what: 'export';
  /** Where nobody else writes; made where it is not there. */
  readonly folder: string;
  readonly options: SnapshotOptions & Pick<OptionsOf<'export'>, 'format' | 'version'>;
}

export interface SealOrder extends Order {
  readonly what: 'seal';
  readonly message: string;
}

export type ArchiveOrder = ExportOrder | SealOrder;

export interface WrittenExport {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly count: ExportCount;
  readonly originals: number;
  readonly incomplete: number;
  readonly unreviewed: number;
}

export interface WrittenVersion {
  /** Hexadecimal. */
  readonly version: string;
  readonly counts: DatasetCounts;
  readonly parents: readonly string[];
  readonly createdAt: string;
  readonly revision: string;
  readonly oldestAt: string | null;
  readonly originals: number;
}

export type Written<O extends ArchiveOrder> = O extends ExportOrder ? WrittenExport : WrittenVersion | null;

/** What the worker knows of a picture: where it lies in the samples folder; or, where the process did not find it there, all of it. */
export type PictureAnswer = { readonly place: SampleLocation | null } | { readonly content: Uint8Array } | { readonly trouble: string };

export type ToArchive = { readonly type: 'order'; readonly request: number; readonly order: ArchiveOrder } | { readonly type: 'picture'; readonly question: number; readonly answer: PictureAnswer };

export type FromArchive =
  /** `whole`: not its place but the picture; it may lie in the bucket. */
  | { readonly type: 'picture'; readonly request: number; readonly question: number; readonly sha256: string; readonly whole: boolean }
  | { readonly type: 'expect'; readonly request: number; readonly samples: number }
  | { readonly type: 'pictures'; readonly request: number; readonly done: number }
  | { readonly type: 'note'; readonly request: number; readonly note: string }
  | { readonly type: 'done'; readonly request: number; readonly answer: WrittenExport | WrittenVersion | null }
  /** `isTold`: whoever asked may read it. */
  | { readonly type: 'failed'; readonly request: number; readonly message: string; readonly isTold: boolean };
