export { FileBlobStore, type BlobStream } from './file-blob-store.js';
export { BlobKeyError, contentTypeOf, requireBlobKey } from './blob-key.js';
export { RecordingsFolder, type FootageFolder } from './footage/recordings-folder.js';
export { TieredFootage } from './footage/tiered-footage.js';
export { diskUseOf, type DiskUse } from './footage/disk-use.js';
export { RemoteStoreError, type RemoteTrouble } from './remote/remote-store-error.js';
export { S3Store, type S3Settings, type RemoteEntry } from './remote/s3-store.js';
export { RemoteFile } from './remote/remote-file.js';
export { Pace } from './remote/pace.js';
