import { createHash, type Hash } from 'node:crypto';
import type { Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import { canonicalJson } from './canonical-json.js';

/** Goes before everything else: what is counted in the digest is a matter of the format's version. */
const PREFIX = 'argus imgdataset 1\n';

/** What names the state of one sample: all its fields and annotations, the latter in the order of their ids. */
export function sampleDigest(sample: Sample): string {
  const annotations = sample.annotations.map((annotation) => ({ id: annotation.id, text: canonicalJson(annotation) }));
  annotations.sort((a, b) => compare(a.id, b.id) || compare(a.text, b.text));
  const { annotations: _, ...fields } = sample;
  return createHash('sha256').update(`${canonicalJson(fields)}\n${annotations.map(({ text }) => text).join('\n')}`).digest('hex');
}

/**
 * Digest of a version, of its content alone: when it was made, by whom and in which order does not count. One line a sample, digest of the
 * picture and digest of what is said of it, rising: so it is made in one pass, and two versions are compared without reading either.
 */
export class VersionDigest {
  readonly #hash: Hash = createHash('sha256').update(PREFIX);
  #last = '';

  /** Digest of what is said of it. Throws DatasetFileError where a sample does not follow the one before. */
  add(sample: Sample): string {
    if (sample.sha256 <= this.#last) {
      const wrong = sample.sha256 === this.#last ? 'is there twice' : `comes behind ${this.#last}`;
      throw new DatasetFileError(`samples: expected each once, in the order of their digests; ${sample.sha256} (${sample.name}) ${wrong}`, { sha256: sample.sha256 });
    }
    const digest = sampleDigest(sample);
    this.know(sample.sha256, digest);
    return digest;
  }

  /** One whose digest is known already. */
  know(sha256: string, digest: string): void {
    this.#last = sha256;
    this.#hash.update(`${sha256} ${digest}\n`);
  }

  /** Ends it. */
  value(): string {
    return this.#hash.digest('hex');
  }
}

/** Of samples in any order, held in memory. */
export function versionDigestOf(samples: Iterable<Sample>): string {
  const digest = new VersionDigest();
  for (const sample of [...samples].sort((a, b) => compare(a.sha256, b.sha256))) digest.add(sample);
  return digest.value();
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
