/** What labelling takes. */
export interface LabourRates {
  /** To open a picture and look at it. */
  readonly secondsPerPicture: number;
  readonly secondsPerBox: number;
}

/** Somebody with practice, boxes by hand; `measuredRates` takes their place as soon as people have worked. */
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

/** Work that was measured in one go. */
export interface LabourLine {
  readonly boxes: number;
  readonly seconds: number;
  /** 1 where it is left out. */
  readonly pictures?: number;
}

/** Rates as people really worked, from pictures or days of them; the least squared error relative to the time, no rate below 0. null: too little to tell. */
export function fitLabour(log: readonly LabourLine[]): LabourRates | null {
  const rows = log.filter(({ seconds }) => seconds > 0).map(({ pictures = 1, ...row }) => ({ pictures, ...row }));
  // Weighted by 1 / seconds^2: a picture of an hour must not outvote sixty of a minute.
  const sum = (of: (row: Required<LabourLine>) => number) => rows.reduce((total, row) => total + of(row) / row.seconds ** 2, 0);
  const [pp, pb, bb, tp, tb] = [sum(({ pictures }) => pictures ** 2), sum(({ pictures, boxes }) => pictures * boxes), sum(({ boxes }) => boxes ** 2), sum(({ seconds, pictures }) => seconds * pictures), sum(({ seconds, boxes }) => seconds * boxes)];
  const determinant = pp * bb - pb * pb;
  if (rows.length < 10 || determinant <= 1e-9 * pp * bb) return null;
  const perBox = (pp * tb - pb * tp) / determinant;
  const perPicture = (tp - perBox * pb) / pp;
  if (perBox < 0) return { secondsPerPicture: tp / pp, secondsPerBox: 0 };
  return perPicture < 0 ? { secondsPerPicture: 0, secondsPerBox: tb / bb } : { secondsPerPicture: perPicture, secondsPerBox: perBox };
}

/** From here on what was measured is believed. */
export const LEAST_BOXES_MEASURED = 20;
/** Nobody opens a picture and looks at it in less. */
const LEAST_SECONDS_PER_PICTURE = 0.5;

/**
 * Rates for estimates of one set, by what was measured in it: fitted where days differ enough, else the usual ones, stretched to the time that it took; below `LEAST_BOXES_MEASURED` the usual ones as they are.
 * Two digits: an order by them has to stay the same while somebody works.
 */
export function measuredRates(log: readonly LabourLine[]): LabourRates & { readonly isMeasured: boolean } {
  const [boxes, seconds, expected] = log.reduce(([b, s, e], one) => [b + one.boxes, s + one.seconds, e + (one.pictures ?? 1) * LABOUR_RATES.secondsPerPicture + one.boxes * LABOUR_RATES.secondsPerBox], [0, 0, 0]);
  if (boxes < LEAST_BOXES_MEASURED || seconds <= 0) return { ...LABOUR_RATES, isMeasured: false };
  const stretch = seconds / expected;
  const { secondsPerPicture, secondsPerBox } = fitLabour(log) ?? { secondsPerPicture: LABOUR_RATES.secondsPerPicture * stretch, secondsPerBox: LABOUR_RATES.secondsPerBox * stretch };
  return { secondsPerPicture: Math.max(LEAST_SECONDS_PER_PICTURE, twoDigits(secondsPerPicture)), secondsPerBox: twoDigits(secondsPerBox), isMeasured: true };
}

const twoDigits = (value: number): number => Number(value.toPrecision(2));
