export { DatasetFileError, HostileArchiveError } from './errors.js';
export { type FileSink, type FileTree } from './file-tree.js';
export { type SampleSource } from './sample-source.js';
