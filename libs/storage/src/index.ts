export { FileBlobStore, type BlobStream } from './file-blob-store.js';
export { BlobKeyError, contentTypeOf, requireBlobKey } from './blob-key.js';
