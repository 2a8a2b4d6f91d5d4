/** One output of a model, row-major. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** Only where the graph left rows out: picture and cell of each row that is left. `dims` then are [rows, values] instead of [pictures, cells, values]. */
  readonly places?: Int32Array;
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** `1x3x416x416`, for messages. */
export const dimsText = (dims: readonly number[]): string => (dims.length === 0 ? 'scalar' : dims.join('x'));
