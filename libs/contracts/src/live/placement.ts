/** Where a picture (or a crop of it) lies in a model's input: model pixel = source pixel * scale + offset; source pixels of the whole frame. */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
}
