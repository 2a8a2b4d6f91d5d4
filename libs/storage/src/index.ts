export { FileBlobStore, type BlobStream } from './file-blob-store.js';
export { BlobKeyError, contentTypeOf, requireBlobKey } from './blob-key.js';
export { RecordingsFolder, type FootageFolder } from './footage/recordings-folder.js';
