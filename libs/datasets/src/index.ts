export { DatasetFileError, HostileArchiveError, SampleDiskLowError, ShardLockedError } from './errors.js';
export { type FileSink, type FileTree } from './file-tree.js';
export { type SampleSource } from './sample-source.js';
export { type Collected, type CollectOptions } from './store/collect-shards.js';
export { SampleStore, type PutOptions, type SampleStoreOptions } from './store/sample-store.js';
export { type SampleLocation } from './store/shard-index.js';
export { ShardReader } from './store/shard-reader.js';
export { ShardWriter, type ShardWriterOptions } from './store/shard-writer.js';
