import type { AnnotationState, Split } from '@argus/contracts';
import type { GroupColumns, ParquetTable } from './parquet-table.js';

/** Pictures for which all that is named holds; of annotations, one must hold all. */
export interface ImageFilter {
  readonly groups?: readonly string[];
  readonly cameras?: readonly string[];
  readonly splits?: readonly Split[];
  readonly complete?: boolean;
  readonly focus?: boolean;
  readonly minSharpness?: number;
  readonly labels?: readonly string[];
  readonly states?: readonly AnnotationState[];
  readonly minScore?: number;
  readonly maxScore?: number;
}

type Test = (value: unknown) => boolean;

/** Only the columns that are asked about are read, a row group at a time. */
export async function findImages(images: ParquetTable, annotations: ParquetTable, filter: ImageFilter): Promise<Uint32Array> {
  const ofImage = testsOf({ group: oneOf(filter.groups), camera: oneOf(filter.cameras), split: oneOf(filter.splits), complete: same(filter.complete), focus: same(filter.focus), sharpness: between(filter.minSharpness) });
  const ofAnnotation = testsOf({ label: oneOf(filter.labels), state: oneOf(filter.states), score: between(filter.minScore, filter.maxScore) });
  const fits = new Uint8Array(images.rows);
  if (ofAnnotation.length === 0) fits.fill(1);
  else await markImages(annotations, ofAnnotation, fits);
  if (ofImage.length > 0) {
    for await (const { start, rows, columns } of images.scan(ofImage.map(([name]) => name))) {
      const holds = rowTest(ofImage, columns);
      for (let at = 0; at < rows; at += 1) if (fits[start + at] === 1 && !holds(at)) fits[start + at] = 0;
    }
  }
  const found = new Uint32Array(fits.reduce((sum, fit) => sum + fit, 0));
  let count = 0;
  for (let row = 0; row < fits.length; row += 1) if (fits[row] === 1) found[count++] = row;
  return found;
}

async function markImages(annotations: ParquetTable, tests: readonly [string, Test][], fits: Uint8Array): Promise<void> {
  for await (const { rows, columns } of annotations.scan([...tests.map(([name]) => name), 'imageRow'])) {
    const holds = rowTest(tests, columns);
    const imageRows = columns['imageRow'] as ArrayLike<number>;
    for (let at = 0; at < rows; at += 1) if (holds(at)) fits[imageRows[at] as number] = 1;
  }
}

function rowTest(tests: readonly [string, Test][], columns: GroupColumns): (at: number) => boolean {
  const pairs = tests.map(([name, test]) => ({ values: columns[name] as ArrayLike<unknown>, test }));
  return (at) => {
    for (const { values, test } of pairs) if (!test(values[at])) return false;
    return true;
  };
}

const testsOf = (tests: Readonly<Record<string, Test | null>>): [string, Test][] => Object.entries(tests).filter((entry): entry is [string, Test] => entry[1] !== null);

function oneOf(wanted: readonly unknown[] | undefined): Test | null {
  if (!wanted) return null;
  const [only] = wanted;
  // A comparison is three times as fast as a look into a set.
  if (wanted.length === 1) return (value) => value === only;
  const all = new Set(wanted);
  return (value) => all.has(value);
}

const same = (wanted: boolean | undefined): Test | null => (wanted === undefined ? null : (value) => value === wanted);

function between(least: number | undefined, most?: number): Test | null {
  if (least === undefined && most === undefined) return null;
  const [from, to] = [least ?? -Infinity, most ?? Infinity];
  return (value) => typeof value === 'number' && value >= from && value <= to;
}
