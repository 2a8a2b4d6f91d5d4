import type { Annotation, SizePixels } from '@argus/contracts';
import type { Point } from '@argus/geometry';
import type { MaskRuns } from '../package/geometry.js';
import { movedCorners, movedKeyPoints } from './moved-points.js';
import type { ObjectBox } from './quality.js';

/**
 * What is labelled in a part of a picture, in pixels of the part: objects by their ids, and what is ignored as far as it lies in it. Nothing is rounded.
 * @param members ids of the objects that are in the part; others are in another one
 */
export function annotationsInCrop(annotations: readonly Annotation[], members: ReadonlySet<string>, crop: ObjectBox, picture: SizePixels): Annotation[] {
  return annotations.flatMap((one) => {
    if (one.kind !== 'ignore') return members.has(one.id) ? [moved(one, crop, picture)] : [];
    const box = common(one.box, crop);
    return box === null ? [] : [{ ...one, box: { ...box, x: box.x - crop.x, y: box.y - crop.y }, points: null, runs: one.runs && runsInCrop(one.runs, picture, crop) }];
  });
}

function moved(one: Annotation, crop: ObjectBox, picture: SizePixels): Annotation {
  const { x, y, width, height } = one.box;
  const move = (point: Point): Point => ({ x: point.x - crop.x, y: point.y - crop.y });
  return {
    ...one,
    box: { x: x - crop.x, y: y - crop.y, width, height },
    points: one.points && (one.kind === 'points' ? movedKeyPoints(one.points, move) : movedCorners(one.points, move)),
    runs: one.runs && runsInCrop(one.runs, picture, crop),
  };
}

function common(a: ObjectBox, b: ObjectBox): ObjectBox | null {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const [width, height] = [Math.min(a.x + a.width, b.x + b.width) - x, Math.min(a.y + a.height, b.y + b.height) - y];
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** The part of a mask in whole pixels of the picture, as run lengths of the part. */
export function runsInCrop(runs: MaskRuns, { height }: SizePixels, crop: ObjectBox): number[] {
  const inside: [from: number, to: number][] = [];
  let at = 0;
  for (const [index, run] of runs.entries()) {
    // Only columns of the part: a run may say that it is longer than any picture.
    if (index % 2 === 1) for (let column = Math.max(Math.floor(at / height), Math.floor(crop.x)); column < crop.x + crop.width && column * height < at + run; column += 1) {
      if (column < crop.x) continue;
      const top = Math.max(at - column * height, crop.y) - crop.y;
      const end = Math.min(at + run - column * height, crop.y + crop.height, height) - crop.y;
      if (end > top) inside.push([(column - crop.x) * crop.height + top, (column - crop.x) * crop.height + end]);
    }
    at += run;
  }
  const cropped: number[] = [];
  let written = 0;
  for (const [from, to] of inside) {
    // Over the edge of a column the run goes on.
    if (from === written && cropped.length > 0) cropped[cropped.length - 1] = (cropped.at(-1) as number) + to - from;
    else cropped.push(from - written, to - from);
    written = to;
  }
  if (written < crop.width * crop.height) cropped.push(crop.width * crop.height - written);
  return cropped;
}
