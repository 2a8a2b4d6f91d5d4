/** Shape of one output without the leading batch dimension, and what its numbers are. */
export interface ExpectedShape {
  readonly dims: readonly number[];
  readonly meaning: string;
}

/** Shapes in the manifest's output order, or what is wrong with the number of outputs. */
export type ExpectedShapes = readonly ExpectedShape[] | string;
