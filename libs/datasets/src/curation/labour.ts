/** What labelling takes. */
export interface LabourRates {
  /** To open a picture and look at it. */
  readonly secondsPerPicture: number;
  readonly secondsPerBox: number;
}

/** Somebody with practice, boxes by hand; to be replaced by `fitLabour` as soon as people have worked. */
export const LABOUR_RATES: LabourRates = { secondsPerPicture: 4, secondsPerBox: 7 };

export interface Labour {
  readonly boxes: number;
  readonly seconds: number;
  /** Value by minute of work: what to label first. */
  readonly valuePerMinute: number;
}

/** `boxes`: how many there will be, as a model sees it. */
export function estimateLabour(boxes: number, value: number, rates: LabourRates = LABOUR_RATES): Labour {
  const seconds = rates.secondsPerPicture + boxes * rates.secondsPerBox;
  return { boxes, seconds, valuePerMinute: (value * 60) / seconds };
}

/** 0..1 by labour: a crowd of sixty is a tenth as easy as six people. The `ease` of `chooseDiverse`. */
export const easeOf = ({ seconds }: Labour, halfSeconds = 60): number => halfSeconds / (halfSeconds + seconds);

/** Rates as people really worked, from pictures that were done in one go; the least squared error relative to the time, no rate below 0. null: too little to tell. */
export function fitLabour(log: readonly { readonly boxes: number; readonly seconds: number }[]): LabourRates | null {
  const rows = log.filter(({ seconds }) => seconds > 0);
  // Weighted by 1 / seconds^2: a picture of an hour must not outvote sixty of a minute.
  const sum = (of: (row: { boxes: number; seconds: number }) => number) => rows.reduce((total, row) => total + of(row) / row.seconds ** 2, 0);
  const [one, b, bb, t, bt] = [sum(() => 1), sum(({ boxes }) => boxes), sum(({ boxes }) => boxes ** 2), sum(({ seconds }) => seconds), sum(({ boxes, seconds }) => boxes * seconds)];
  const determinant = one * bb - b * b;
  if (rows.length < 10 || determinant <= 1e-9 * one * bb) return null;
  const perBox = (one * bt - b * t) / determinant;
  const perPicture = (t - perBox * b) / one;
  if (perBox < 0) return { secondsPerPicture: t / one, secondsPerBox: 0 };
  return perPicture < 0 ? { secondsPerPicture: 0, secondsPerBox: bt / bb } : { secondsPerPicture: perPicture, secondsPerBox: perBox };
}
