export { FileBlobStore, type BlobStream } from './file-blob-store.js';
export { BlobKeyError, contentTypeOf, requireBlobKey } from './blob-key.js';
export { boxesIn, boxesAt, findBox, type Box } from './footage/boxes.js';
export { FootageFileError } from './footage/footage-file-error.js';
export { readHead, type FootageHead, type HeadTrack } from './footage/footage-head.js';
export { runsOf, type TrackRun } from './footage/fragment-runs.js';
export { FootageRange, type FootagePart } from './footage/footage-range.js';
export { RecordingsFolder, type FootageFolder } from './footage/recordings-folder.js';
