/** One output of a model, row-major. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** Largest value of each row of the last axis, where the graph computes it. */
  readonly rowMaxima?: Float32Array;
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** `1x3x416x416`, for messages. */
export const dimsText = (dims: readonly number[]): string => (dims.length === 0 ? 'scalar' : dims.join('x'));
