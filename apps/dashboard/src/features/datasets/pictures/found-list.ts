import type { DatasetId } from '@argus/contracts';
import { client } from '../../../app/client.js';
import type { OwnPicture } from './own-picture.js';
import { SampleList, type SampleListQuery } from './sample-list.js';

/** What is sought: words, the digest of a picture, or a picture. */
export interface Sought {
  readonly text: string | null;
  readonly like: string | null;
  /** A picture of somebody's own, which is in no address. */
  readonly picture: OwnPicture | null;
}

/** The first page is what a person waits for. */
const FIRST = 100;
const MORE = 450;
/** Nobody looks through more; who wants others asks otherwise. */
export const MOST_FOUND = 1000;

/** The pictures of a set that answer a search best, in one group without a name. */
export class FoundList extends SampleList {
  /** What made the vectors that were compared; null: not known yet. */
  embedding: string | null = null;
  readonly #scores = new Map<string, number>();

  constructor(
    datasetId: DatasetId,
    query: SampleListQuery,
    readonly sought: Sought,
    before?: SampleList,
  ) {
    super(datasetId, query, before);
  }

  override async load(): Promise<void> {
    const { text, like, picture } = this.sought;
    const input = { params: { id: this.datasetId }, signal: this.gone.signal };
    let cursor: string | null | undefined;
    try {
      do {
        const query = { ...this.query, cursor, limit: cursor ? MORE : FIRST };
        const page = await (picture === null ? client.call('searchSamples', { ...input, query: { ...query, text: text ?? undefined, sample: like ?? undefined } }) : client.call('searchByPicture', { ...input, query, body: { picture: picture.content } }));
        const fresh = page.items.filter(({ sha256 }) => !this.#scores.has(sha256));
        for (const { sha256, score } of fresh) this.#scores.set(sha256, score);
        this.learn(fresh);
        this.append([{ group: '', sha256s: fresh.map(({ sha256 }) => sha256) }]);
        this.embedding = page.embedding;
        cursor = page.nextCursor;
        this.isComplete = !cursor || this.order.length >= MOST_FOUND;
        this.tell();
      } while (!this.isComplete);
    } catch (error) {
      if (this.gone.signal.aborted) return;
      this.error = error;
      this.tell();
    }
  }

  /** All is known of what was found. */
  override want(): void {}

  override scoreOf(digest: string): number | undefined {
    return this.#scores.get(digest);
  }
}
