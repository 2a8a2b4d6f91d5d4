/** What a second-stage model says of one crop: the classification of @argus/models, as far as votes need it. */
export interface Answer {
  /** Best first. */
  readonly candidates: readonly { readonly label: string; readonly score: number }[];
  /** How much the crop could be read, 0..1; weighs the vote. */
  readonly quality: number;
}
