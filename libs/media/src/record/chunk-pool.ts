/** A group of pictures of a usual camera (0.3 to 2 MB) takes a few of them, and wastes half of one. */
export const CHUNK_BYTES = 128 * 1024;
/** What the groups of sixteen cameras take in turn: 16 MB. */
const MOST_SPARE = 128;

/** Memory for groups of pictures: it is handed on instead of being made and collected for each. */
const spare: Buffer[] = [];

export const takeChunk = (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);

/** Whoever gives it back must not look at it again. */
export function giveChunkBack(chunk: Buffer): void {
  if (spare.length < MOST_SPARE) spare.push(chunk);
}
