/** Where archives of pictures lie in the bucket; below it as below `shards` of a samples folder. */
export const BUCKET_SHARDS = 'samples/shards/';

/** Names of an archive and its index in the bucket. `archive`: owner/number. */
export const bucketFilesOf = (archive: string): { readonly shard: string; readonly index: string } => ({ shard: `${BUCKET_SHARDS}${archive}.tar`, index: `${BUCKET_SHARDS}${archive}.idx.jsonl` });
