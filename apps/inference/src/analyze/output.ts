import type { BoxPixels } from '@argus/contracts';
import type { Format } from './options.js';

/** One object of one picture as it is written. */
export interface ResultObject {
  /** -1 for raw detections. */
  readonly number: number;
  readonly label: string;
  readonly score: number;
  readonly box: BoxPixels;
  readonly attributes: Readonly<Record<string, { readonly label: string; readonly score: number }>>;
}

export interface ResultFrame {
  /** 0-based index in the clip. */
  readonly frame: number;
  readonly ptsUs: number;
  readonly objects: readonly ResultObject[];
}

/** The text of one picture, line ends included. Numbers are rounded, so that bytes do not depend on how a machine prints floats. */
export function formatFrame(format: Format, result: ResultFrame): string {
  return format === 'mot' ? result.objects.map((object) => motLine(result.frame, object)).join('') : `${JSON.stringify(jsonOf(result))}\n`;
}

function motLine(frame: number, { number, score, box }: ResultObject): string {
  return `${[frame + 1, number, ...[box.x, box.y, box.width, box.height].map((value) => round(value, 2)), round(score, 4), -1, -1, -1].join(',')}\n`;
}

function jsonOf({ frame, ptsUs, objects }: ResultFrame): unknown {
  return {
    frame,
    ptsUs,
    objects: objects.map(({ number, label, score, box, attributes }) => ({
      trackId: number,
      label,
      score: round(score, 4),
      box: [box.x, box.y, box.width, box.height].map((value) => round(value, 2)),
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { label: value.label, score: round(value.score, 4) }])),
    })),
  };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
