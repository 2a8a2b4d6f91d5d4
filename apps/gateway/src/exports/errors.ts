import type { ExportState } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);

export class ExportSpaceError extends ArgusError {
  readonly code = 'export.no-space';
  constructor(bytes: number, availableBytes: number) {
    super(`the export takes about ${gigabytes(bytes)} GB, and ${gigabytes(Math.max(0, availableBytes))} GB may be written (1 GB of the disk is left free, and exports that are still at work are counted); take shorter ranges, or remove exports or footage`, { bytes, availableBytes });
  }
}

export class NothingToExportError extends ArgusError {
  readonly code = 'export.nothing';
  constructor() {
    super('there is no footage in any of the ranges; the timeline shows where there is some');
  }
}

export class UnknownMasksError extends ArgusError {
  readonly code = 'export.masks-unknown';
  constructor(why: string) {
    super(`${why}, so that no masks can be burnt in; you may ask for the original (options.original: true)`);
  }
}

export class ExportStateError extends ArgusError {
  readonly code = 'export.state';
  constructor(wanted: string, state: ExportState) {
    super(`the export is ${state}; ${wanted}`, { state });
  }
}
