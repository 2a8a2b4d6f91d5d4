import type { DatasetId, DatasetJobOptions, SizePixels } from '@argus/contracts';
import { areaFlaw, MOST_UPSCALE, quadOfArea, sidesOf, type AreaFlaw, type Quad } from '@argus/geometry';
import type { DataSource } from 'typeorm';
import { InvalidRequestError, type FieldProblem } from '../http/errors.js';

/** So many are named. */
const MOST_NAMED = 50;

/**
 * Each picture is in the set, and something can be made of what is wanted of it.
 * @throws InvalidRequestError naming the parts
 */
export async function requireParts(dataSource: DataSource, datasetId: DatasetId, options: DatasetJobOptions & { kind: 'transform' }): Promise<void> {
  const rows = (await dataSource.query(
    `SELECT encode(s.sha256, 'hex') AS sha256, p.width, p.height FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256 WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND s.sha256 = ANY ($2)`,
    [datasetId, options.parts.map(({ sha256 }) => Buffer.from(sha256, 'hex'))],
  )) as ({ sha256: string } & SizePixels)[];
  const pictures = new Map(rows.map((row) => [row.sha256, row]));
  const problems = options.parts.flatMap(({ sha256, area }, index): FieldProblem[] => {
    const picture = pictures.get(sha256);
    if (!picture) return [{ path: `parts.${index}.sha256`, message: `expected a sample of the set that was not taken out, got ${sha256}` }];
    const quad = quadOfArea(area, picture);
    const flaw = areaFlaw(quad, picture, options);
    if (flaw === null) return [];
    return [{ path: flaw === 'upscaled' ? 'size' : `parts.${index}.area`, message: MESSAGES[flaw](quad, picture) }];
  });
  if (problems.length > 0) throw new InvalidRequestError(problems.slice(0, MOST_NAMED));
}

const shown = (quad: Quad): string => quad.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
const round = (value: number): number => Math.round(value * 10) / 10;

const MESSAGES: Readonly<Record<AreaFlaw, (quad: Quad, picture: SizePixels) => string>> = {
  'not-finite': (quad) => `expected numbers, got ${shown(quad)}`,
  flat: (quad) => `expected four corners that are apart and not on a line, got ${shown(quad)}`,
  mirrored: (quad) => `expected corners clockwise from the upper left one (upper left, upper right, lower right, lower left), got them the other way round: ${shown(quad)}`,
  concave: (quad) => `expected a quad without a corner that points inwards, got ${shown(quad)}`,
  crossed: (quad) => `expected corners in their order (upper left, upper right, lower right, lower left), got sides that cross: ${shown(quad)}`,
  small: (quad) => `expected an area of 8 x 8 pixels or more, got ${round(sidesOf(quad).width)} x ${round(sidesOf(quad).height)}`,
  outside: (quad, { width, height }) => `expected an area of which a tenth or more lies in the picture of ${width} x ${height}, got ${shown(quad)}`,
  upscaled: (quad) => `expected at most ${Math.floor(sidesOf(quad).width * MOST_UPSCALE)} x ${Math.floor(sidesOf(quad).height * MOST_UPSCALE)}, ${MOST_UPSCALE} pixels for each of the old picture: more would be made up`,
};
