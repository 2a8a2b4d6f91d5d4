export interface LabelledBox {
  readonly label: string;
  readonly width: number;
  readonly height: number;
}

export interface LabelCount {
  readonly label: string;
  readonly boxes: number;
  /** Pictures with at least one. */
  readonly pictures: number;
}

/** Boxes and pictures of each label, most boxes first, then by label. */
export function labelHistogram(pictures: readonly (readonly LabelledBox[])[]): LabelCount[] {
  const counts = new Map<string, { boxes: number; pictures: number }>();
  for (const boxes of pictures) {
    for (const { label } of boxes) counts.set(label, { boxes: (counts.get(label)?.boxes ?? 0) + 1, pictures: counts.get(label)?.pictures ?? 0 });
    for (const label of new Set(boxes.map((box) => box.label))) (counts.get(label) as { pictures: number }).pictures += 1;
  }
  return [...counts].map(([label, count]) => ({ label, ...count })).sort((a, b) => b.boxes - a.boxes || (a.label < b.label ? -1 : 1));
}

/** Bins on a logarithmic axis: bin i holds values from edges[i] up to edges[i + 1]; what is outside falls into the first and last. */
export interface Histogram {
  readonly edges: Float64Array;
  readonly counts: Uint32Array;
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly bins: number;
}

/** Width by height from 1:8 to 8:1, three bins to an octave; the middle one holds squares. */
export const RATIO_AXIS: Axis = { from: 2 ** (-3 - 1 / 6), to: 2 ** (3 + 1 / 6), bins: 19 };
/** Root of the area in pixels, four bins to an octave. */
export const SIZE_AXIS: Axis = { from: 4, to: 2048, bins: 36 };

export function logHistogram(values: Iterable<number>, { from, to, bins }: Axis): Histogram {
  const [low, width] = [Math.log(from), Math.log(to / from) / bins];
  const counts = new Uint32Array(bins);
  for (const value of values) {
    if (!(value > 0)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((Math.log(value) - low) / width + 1e-9)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges: Float64Array.from({ length: bins + 1 }, (_, index) => Math.exp(low + index * width)), counts };
}

/** The scale (尺度) of boxes: width by height. Boxes without area are left out. */
export const ratioHistogram = (boxes: readonly LabelledBox[], axis = RATIO_AXIS): Histogram => logHistogram(boxes.filter(hasArea).map(({ width, height }) => width / height), axis);

export const sizeHistogram = (boxes: readonly LabelledBox[], axis = SIZE_AXIS): Histogram => logHistogram(boxes.filter(hasArea).map(({ width, height }) => Math.sqrt(width * height)), axis);

const hasArea = ({ width, height }: LabelledBox): boolean => width > 0 && height > 0;
