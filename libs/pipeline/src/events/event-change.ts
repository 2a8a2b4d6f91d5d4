import type { BoxPixels, Event } from '@argus/contracts';

/** What became of an event in one update. */
export interface EventChange {
  /** The whole event as it is now. */
  readonly event: Event;
  /** True: a new revision (provisional, confirmed or ended) to keep and to tell; false: nothing to tell, only the picture below. */
  readonly revised: boolean;
  /** Take a snapshot of this update's frame, better than earlier ones; then call `RuleEngine.attachPictures`. null: no. */
  readonly picture: {
    /** The object in source pixels for the thumbnail; null: the whole picture. */
    readonly box: BoxPixels | null;
  } | null;
}
