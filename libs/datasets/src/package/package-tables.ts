import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Sample } from '@argus/contracts';
import { syncFolder } from '../store/shard-writer.js';
import { ANNOTATIONS_PATH, IMAGES_PATH } from './manifest.js';
import { TableWriter, type TablePlace } from './table-writer.js';
import { ANNOTATION_COLUMNS, IMAGE_COLUMNS, type AnnotationRow } from './tables.js';
import { Tally, type TallyState } from './tally.js';
import { VersionDigest } from './version-digest.js';

/** What is held at once, in writing and in reading. */
const GROUP_ROWS = { images: 32_768, annotations: 65_536 };
/** Row groups of annotations from one place to go on from to the next, at most: some 20 MB of their file. */
const MOST_GROUPS = 10;
const DIGEST_BYTES = 32;
const [PLACES, LINES] = ['places', 'lines'];

/** Where to go on, behind a sample: the same places in every run, so that a table that was gone on with is the same to the last byte. */
interface Place {
  readonly about: string;
  readonly generation: number;
  readonly samples: number;
  readonly last: string;
  readonly images: TablePlace;
  readonly annotations: TablePlace;
  readonly tally: TallyState;
}

/** Both tables of a package under way, the digest of its version and its counts. */
export class PackageTables {
  readonly version = new VersionDigest();
  readonly #images: TableWriter<Sample>;
  readonly #annotations: TableWriter<AnnotationRow>;
  #imageGroups = 0;
  #annotationGroups = 0;
  /** Digests of samples since the last place: of the picture, and of what is said of it. */
  #lines: Buffer[] = [];

  private constructor(
    private readonly work: string,
    /** Places are kept on the way, for whoever says the same; undefined: nobody goes on. */
    private readonly about: string | undefined,
    /** Number of the process that writes: what the one before left stays until this one has got as far. */
    private readonly generation: number,
    readonly tally: Tally,
    /** The digest of the last sample that was there already; empty: none was. */
    readonly after: string,
  ) {
    this.#images = new TableWriter(this.path(IMAGES_PATH), IMAGE_COLUMNS, GROUP_ROWS.images);
    this.#annotations = new TableWriter(this.path(ANNOTATIONS_PATH), ANNOTATION_COLUMNS, GROUP_ROWS.annotations);
  }

  /** On with what a process of before left; from the beginning where that is nothing, of something else, or not as it was written. */
  static async open(work: string, about: string | undefined): Promise<PackageTables> {
    const place = about === undefined ? null : await knownPlace(work, about);
    if (place !== null) {
      const tables = new PackageTables(work, about, place.generation + 1, new Tally(place.tally), place.last);
      if (await tables.#goOn(place)) return tables;
    }
    return new PackageTables(work, about, (place?.generation ?? -1) + 1, new Tally(), '');
  }

  get samples(): number {
    return this.#images.rows;
  }

  /** Where a table is written, whatever it is called in the package. */
  path(table: string, generation = this.generation): string {
    return join(this.work, `${generation}-${table}`);
  }

  async add(sample: Sample): Promise<void> {
    const digest = this.version.add(sample);
    this.tally.add(sample);
    const imageRow = this.#images.rows;
    this.#images.add(sample);
    for (const annotation of sample.annotations) this.#annotations.add({ imageRow, imageSha: sample.sha256, annotation });
    if (this.about !== undefined) this.#lines.push(Buffer.from(sample.sha256 + digest, 'hex'));
    if (this.#images.groups === this.#imageGroups && this.#annotations.groups - this.#annotationGroups < MOST_GROUPS) return;
    const [images, annotations] = [this.#images.place(), this.#annotations.place()];
    this.#count();
    if (this.about !== undefined) await this.#keep({ about: this.about, generation: this.generation, samples: this.samples, last: sample.sha256, images, annotations, tally: this.tally.state });
  }

  finish(): void {
    this.#images.finish();
    this.#annotations.finish();
  }

  #count(): void {
    this.#imageGroups = this.#images.groups;
    this.#annotationGroups = this.#annotations.groups;
  }

  async #keep(place: Place): Promise<void> {
    const lines = await open(join(this.work, LINES), 'a', 0o600);
    try {
      // Behind a place that was gone on with there may be more.
      await lines.truncate((place.samples - this.#lines.length) * 2 * DIGEST_BYTES);
      await lines.writeFile(Buffer.concat(this.#lines));
      await lines.datasync();
    } finally {
      await lines.close();
    }
    this.#lines = [];
    for (const path of [IMAGES_PATH, ANNOTATIONS_PATH]) await flush(this.path(path));
    const part = join(this.work, `${PLACES}.part`);
    await writeFile(part, serialize(place), { mode: 0o600 });
    await flush(part);
    await rename(part, join(this.work, PLACES));
    await syncFolder(this.work);
    for (const path of [IMAGES_PATH, ANNOTATIONS_PATH]) await rm(this.path(path, this.generation - 1), { force: true });
  }

  async #goOn({ generation, images, annotations, samples }: Place): Promise<boolean> {
    const isThere = this.#images.goOn(this.path(IMAGES_PATH, generation), images) && this.#annotations.goOn(this.path(ANNOTATIONS_PATH, generation), annotations) && (await this.#know(samples));
    this.#count();
    return isThere;
  }

  async #know(samples: number): Promise<boolean> {
    const lines = await readFile(join(this.work, LINES)).catch(() => Buffer.alloc(0));
    const size = 2 * DIGEST_BYTES;
    if (lines.length < samples * size) return false;
    for (let at = 0; at < samples * size; at += size) this.version.know(lines.toString('hex', at, at + DIGEST_BYTES), lines.toString('hex', at + DIGEST_BYTES, at + size));
    return true;
  }
}

async function knownPlace(work: string, about: string): Promise<Place | null> {
  try {
    const place = deserialize(await readFile(join(work, PLACES))) as Place;
    return place.about === about ? place : null;
  } catch {
    return null;
  }
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.datasync();
}
