import { ArgusError } from '@argus/kernel';

/** The environment does not fit; the process ends with it. */
export class SettingsError extends ArgusError {
  readonly code = 'settings.invalid';
}

/** A job cannot be done, and trying again at once would not help. */
export class ExportFailedError extends ArgusError {
  readonly code = 'export.failed';
}

/** The job's row is somebody else's, or gone, or cancelled. */
export class ClaimLostError extends ArgusError {
  readonly code = 'export.claim-lost';
  constructor(id: string) {
    super(`export ${id} is not this worker's any more`, { id });
  }
}

/** Masks are burnt into too many films already. */
export class MaskingBusyError extends ArgusError {
  readonly code = 'footage.masking-busy';
  constructor(atOnce: number) {
    super(`privacy masks are being burnt into ${atOnce} films, which is what this machine does at once, and others wait already; ask again in some seconds`, { atOnce });
  }
}

/** What was to be covered is not what is to be covered now. */
export class MasksChangedError extends ArgusError {
  readonly code = 'footage.masks-changed';
  constructor() {
    super('the privacy masks of this camera were just changed; ask again');
  }
}

/** It was removed since somebody asked for it. */
export class FootageGoneError extends ArgusError {
  readonly code = 'footage.none';
  constructor() {
    super('there is no footage in this range any more');
  }
}

/** The run or its part is somebody else's, or was stopped. */
export class HarvestClaimLostError extends ArgusError {
  readonly code = 'harvest.claim-lost';
  constructor(runId: string) {
    super(`the harvest run ${runId} is not this worker's any more`, { runId });
  }
}

/** An archive of pictures was collected while it was sent: its pictures go with the next. */
export class ArchiveGoneError extends ArgusError {
  readonly code = 'harvest.archive-gone';
  constructor() {
    super('an archive of pictures was so long on its way to the bucket that it was collected; its pictures are sent again');
  }
}

/** Another run writes into the folder. */
export class OutputTakenError extends ArgusError {
  readonly code = 'extract.output-taken';
}

/** The folder for pictures cannot be used: it holds pictures of another recipe, what is in it is not what was written, or the disk refuses. */
export class OutputError extends ArgusError {
  readonly code = 'extract.output';
}

/** The process that worked on a video ended before it. */
export class ExtractProcessError extends ArgusError {
  readonly code = 'extract.process';
}

/** A job on a sample set cannot be done, and trying again at once would not help. */
export class DatasetJobFailedError extends ArgusError {
  readonly code = 'dataset-job.failed';
}

/** The job is somebody else's, or gone, or was stopped. */
export class DatasetJobClaimLostError extends ArgusError {
  readonly code = 'dataset-job.claim-lost';
  constructor(id: string) {
    super(`the job ${id} is not this worker's any more`, { id });
  }
}

/** A picture of a sample set that cannot be read, decoded or looked at; others can. */
export class PictureTroubleError extends ArgusError {
  readonly code = 'dataset-job.picture';
}

/** No installed package can turn this into a vector. */
export class NoSearchModelError extends ArgusError {
  readonly code = 'search.no-model';
}

/** The pictures of a set were not turned into vectors yet. */
export class NoVectorsError extends ArgusError {
  readonly code = 'search.no-vectors';
}

/** Words or picture could not be turned into a vector, or the vectors not be read. */
export class SearchFailedError extends ArgusError {
  readonly code = 'search.failed';
}

/** Boxes cannot be followed, or pictures not be taken, and trying again would not help. */
export class LabellingFailedError extends ArgusError {
  readonly code = 'labelling.failed';
}

/** Nothing was recorded at the moment that was meant. */
export class NoPictureError extends ArgusError {
  readonly code = 'labelling.no-picture';
  constructor(at: string) {
    super(`there is no picture of this camera within 15 ms of ${at}; ask with the time of a picture as it is shown`, { at });
  }
}

export class LabellingBusyError extends ArgusError {
  readonly code = 'labelling.busy';
  constructor() {
    super('boxes are being followed for others, as many as this machine does at once; try again in some seconds');
  }
}
