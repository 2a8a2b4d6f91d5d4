import type { Annotation, SizePixels } from '@argus/contracts';

/** Far outside of any picture, and less than what is kept as a single-precision number: whoever says so did not mean a place. */
const [LARGEST, SMALLEST] = [1e7, 1e-30];

/** What keeps an annotation from being one of this picture, with the field; null: nothing. What draws, cuts and writes annotations relies on it: a mask of more pixels than there are has no end. */
export function annotationTrouble({ box, points, runs }: Pick<Annotation, 'box' | 'points' | 'runs'>, { width, height }: SizePixels): string | null {
  for (const [name, value] of Object.entries(box)) if (!isPlace(value)) return `box.${name}: ${expected(value)}`;
  if (box.width < 0 || box.height < 0) return `box: expected a width and a height of 0 or more, got ${box.width} and ${box.height}`;
  const far = points?.findIndex((value) => !isPlace(value)) ?? -1;
  if (far >= 0) return `points.${far}: ${expected(points?.[far])}`;
  const total = runs?.reduce((sum, run) => sum + run, 0) ?? 0;
  return total > width * height ? `runs: expected ${width * height} pixels at most, as the picture of ${width} x ${height} has, got ${total}` : null;
}

const isPlace = (value: number): boolean => value === 0 || (Math.abs(value) >= SMALLEST && Math.abs(value) <= LARGEST);
const expected = (value: unknown): string => `expected 0 or a number of pixels from ${SMALLEST} to ${LARGEST}, got ${String(value)}`;
