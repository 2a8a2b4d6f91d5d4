import type { Sample } from '@argus/contracts';
import { Sample as SampleSchema } from '@argus/contracts';
import { pack } from 'tar-stream';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree, LateBytes } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { namedSamples, type NamedSample } from './export-samples.js';
import { stemOf } from './export-names.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import { type ExportCount, type ImportedImage, NOTHING_OF_OURS } from './imported-image.js';
import { tryJson } from './cvat-shape.js';
import { isObject, type JsonObject } from './our-fields.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { splitOfPath } from './split-name.js';
import { TAR_BLOCK, TAR_END_BYTES, tarPaddingOf } from '../store/tar.js';

/** Where the header of a tar says what an entry is. */
const KIND_AT = 156;
const PLAIN_FILE = '0'.charCodeAt(0);
const zerosBehind = (bytes: number): Buffer => Buffer.alloc(tarPaddingOf(bytes));

/** Said in each of our .json, so that they are known again. */
const KIND = 'argus.sample/1';
const MOST_JSON = 64 * 2 ** 20;

export interface WebDatasetOptions {
  /** A shard is closed when it is that large. */
  readonly shardBytes?: number;
}

/** WebDataset: 000000.tar and so on, each with pictures and a .json of the same name. Nothing is lost. */
export async function writeWebDataset(source: SampleSource, sink: FileSink, options: WebDatasetOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const samples = namedSamples(source)[Symbol.asyncIterator]();
  let next = await samples.next();
  for (let shard = 0; !next.done || shard === 0; shard += 1) {
    const content = shardOf(source, count, options.shardBytes ?? 2 ** 30, next, async () => (next = await samples.next()));
    await sink.write(`${String(shard).padStart(6, '0')}.tar`, content);
  }
  return count;
}

async function* shardOf(source: SampleSource, count: ExportCount, most: number, first: IteratorResult<NamedSample>, following: () => Promise<IteratorResult<NamedSample>>): AsyncIterable<Uint8Array | LateBytes> {
  let bytes = 0;
  for (let next = first; !next.done && bytes < most; next = await following()) {
    const { sample, file } = next.value;
    // Everything up to the first dot is the key there: names with dots would fall apart.
    const key = stemOf(file).replaceAll('.', '_');
    const ending = /\.[^.]+$/.exec(file)![0].toLowerCase();
    const label = Buffer.from(JSON.stringify({ kind: KIND, sample: { ...sample, sha256: undefined, bytes: undefined } }));
    const stem = `${key}-${sample.sha256.slice(0, 12)}`;
    // The picture only where it is not written already.
    yield await headerOf(`${stem}${ending}`, sample.bytes);
    yield { bytes: sample.bytes, read: () => source.read(sample.sha256) };
    yield Buffer.concat([zerosBehind(sample.bytes), await headerOf(`${stem}.json`, label.length), label, zerosBehind(label.length)]);
    bytes += sample.bytes + label.length;
    count.images += 1;
    count.annotations += sample.annotations.length;
  }
  yield Buffer.alloc(TAR_END_BYTES);
}

/** What goes before the content of an entry of a tar: the header, and one before it where the name is long. */
async function headerOf(name: string, size: number): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name, size, mtime: new Date(0), mode: 0o644 });
  const blocks: Buffer[] = [];
  for await (const block of tar as AsyncIterable<Buffer>) {
    blocks.push(block);
    if (block.length === TAR_BLOCK && block[KIND_AT] === PLAIN_FILE) break;
  }
  return Buffer.concat(blocks);
}

/** Every picture with what is called like it: our .json, or a .json, .cls and .txt of somebody else as attributes. */
export async function* readWebDataset(tree: FileTree, options: ReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  let images = 0;
  for await (const { path } of tree.files()) {
    if (!PICTURE.test(path)) continue;
    images += 1;
    yield await imageOf(tree, path, problems);
  }
  if (images === 0) throw new DatasetFileError('expected tar archives of pictures with .json beside them (WebDataset), found no picture', {});
}

async function imageOf(tree: FileTree, path: string, problems: ImportProblems): Promise<ImportedImage> {
  const key = stemOf(path);
  const text = async (ending: string) => ((await tree.has(key + ending)) ? Buffer.from(await tree.read(key + ending, MOST_JSON)).toString('utf8') : null);
  const plain: ImportedImage = { path, name: baseOf(path), size: null, split: splitOfPath(path), group: folderOf(path), annotations: [], attributes: {}, ours: NOTHING_OF_OURS };
  const json = await text('.json');
  const said = json === null ? undefined : tryJson(json);
  if (json !== null && said === undefined) problems.add(`${key}.json`, 'file', `expected JSON, found ${shown(json.slice(0, 60))}`);
  if (isObject(said) && said.kind === KIND) return ourImage(plain, said.sample, `${key}.json`, problems);
  const label = (await text('.cls'))?.trim();
  const caption = (await text('.txt'))?.trim();
  const attributes: JsonObject = { ...(isObject(said) ? (said as JsonObject) : said === undefined ? {} : { json: said }), ...(label ? { tags: [label] } : {}), ...(caption ? { caption } : {}) };
  return { ...plain, attributes };
}

const Said = SampleSchema.omit({ sha256: true, bytes: true });

function ourImage(plain: ImportedImage, said: unknown, file: string, problems: ImportProblems): ImportedImage {
  const parsed = Said.safeParse(said);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    problems.add(file, `sample.${issue.path.join('.')}`, issue.message);
    return plain;
  }
  const { name, width, height, split, annotations, attributes, origin, quality, complete, focus }: Omit<Sample, 'sha256' | 'bytes'> = parsed.data;
  return { ...plain, name, size: { width, height }, split, annotations, attributes, ours: { origin, quality, complete, focus } };
}
