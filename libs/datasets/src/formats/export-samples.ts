import type { Sample } from '@argus/contracts';
import { nameKey } from '../files/entry-name.js';
import type { FileSink } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { ExportNames } from './export-names.js';

export interface NamedSample {
  readonly sample: Sample;
  /** What its file is called in this export. */
  readonly file: string;
}

/** The samples with the names of their files: the same ones each time. */
export async function* namedSamples(source: SampleSource): AsyncIterable<NamedSample> {
  const names = new ExportNames();
  for await (const sample of source.samples()) yield { sample, file: names.take(sample) };
}

/** Writes the pictures themselves, unless only labels are wanted. */
export async function writePictures(source: SampleSource, sink: FileSink, pathOf: (named: NamedSample) => string, wanted = true): Promise<void> {
  if (!wanted) return;
  for await (const named of namedSamples(source)) await sink.write(pathOf(named), () => source.read(named.sample.sha256));
}

/** Labels by number, in the order in which they are met; those that are spelled alike after NFC are one, under the first spelling. */
export class LabelList {
  readonly #byKey = new Map<string, number>();
  readonly names: string[] = [];

  constructor(names: readonly string[] = []) {
    for (const name of names) this.add(name);
  }

  add(label: string): number {
    const key = nameKey(label);
    let index = this.#byKey.get(key);
    if (index === undefined) {
      index = this.names.push(label) - 1;
      this.#byKey.set(key, index);
    }
    return index;
  }

  indexOf(label: string): number {
    return this.#byKey.get(nameKey(label)) ?? -1;
  }
}

/** Joins pieces of text to blocks: one write for each line would take most of the time. */
export async function* textBlocks(lines: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  let block = '';
  for await (const line of lines) {
    block += line;
    if (block.length < 256 * 1024) continue;
    yield Buffer.from(block);
    block = '';
  }
  if (block) yield Buffer.from(block);
}
