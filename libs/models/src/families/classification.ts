/** What a second-stage model says of one picture. */
export interface Classification {
  /** Best first; scores 0..1. */
  readonly candidates: readonly { readonly label: string; readonly score: number }[];
  /** How much this picture should count in a vote over the track, 0..1. */
  readonly quality: number;
}
