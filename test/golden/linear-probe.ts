/** A small classifier: logistic regression with both classes of the same weight, and what it needs to know of the numbers it was made for. */
export interface LinearProbe {
  isPositive(row: Float32Array): boolean;
}

const ROUNDS = 250;
/** Weight of the squared coefficients: of 0.001, 0.01 and 0.1 the one with which an even stride was best on the shipped film, with other seeds than the tests'. */
const RIDGE = 0.001;

/** Numbers about their mean, in standard deviations of all pictures there are to choose from (no labels needed), by the root of how many they are. */
export function standardizerOf(rows: readonly Float32Array[]): (row: Float32Array) => Float32Array {
  const dims = rows[0]?.length ?? 0;
  const columns = Array.from({ length: dims }, (_, dim) => {
    const mean = rows.reduce((sum, row) => sum + (row[dim] as number), 0) / rows.length;
    return { mean, deviation: Math.sqrt(rows.reduce((sum, row) => sum + ((row[dim] as number) - mean) ** 2, 0) / rows.length) };
  });
  return (row) => Float32Array.from(columns, ({ mean, deviation }, dim) => ((row[dim] as number) - mean) / Math.max(1e-4, deviation) / Math.sqrt(dims));
}

/** Nesterov's gradient descent from 0: nothing is left to chance. */
export function fitProbe(rows: readonly Float32Array[], labels: readonly boolean[]): LinearProbe {
  const positives = labels.filter(Boolean).length;
  if (positives === 0 || positives === labels.length) return { isPositive: () => positives > 0 };
  // The last number is 1: the place of the boundary.
  const inputs = rows.map((row) => Float64Array.of(...row, 1));
  const dims = inputs[0]?.length ?? 0;
  const weights = labels.map((label) => 0.5 / (label ? positives : labels.length - positives));
  const steepest = RIDGE + inputs.reduce((sum, input, at) => sum + 0.25 * (weights[at] as number) * dot(input, input), 0);
  let now = new Float64Array(dims);
  let ahead = new Float64Array(dims);
  for (let round = 0; round < ROUNDS; round += 1) {
    const gradient = ahead.map((value, dim) => (dim < dims - 1 ? RIDGE * value : 0));
    for (const [at, input] of inputs.entries()) {
      const wrong = (weights[at] as number) * (1 / (1 + Math.exp(-dot(ahead, input))) - (labels[at] === true ? 1 : 0));
      for (let dim = 0; dim < dims; dim += 1) gradient[dim] = (gradient[dim] as number) + wrong * (input[dim] as number);
    }
    const next = ahead.map((value, dim) => value - (gradient[dim] as number) / steepest);
    const before = now;
    ahead = next.map((value, dim) => value + (round / (round + 3)) * (value - (before[dim] as number)));
    now = next;
  }
  return { isPositive: (row) => dot(now, Float64Array.of(...row, 1)) > 0 };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
