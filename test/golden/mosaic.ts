import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boxAt } from '@argus/geometry';
import { FrameScaler, openClip } from '@argus/media';
import type { BoxPixels } from '@argus/contracts';
import { OfflineFrame, type OfflineModel } from '../../apps/inference/src/analyze/offline-frame.js';
import { ROOT } from './analyze.js';

const WIDTH = 3840;
const HEIGHT = 2160;
/** From this score on a person of the clip, seen at its full size, is one that must be found in the mosaic too. */
const TRUE_SCORE = 0.5;

export interface Mosaic {
  readonly file: string;
  /** Persons in pixels of the mosaic, as the detector sees them at full size. */
  readonly persons: readonly BoxPixels[];
  /** The same by hand, of those pictures that have labels; `labelsOf` gives a picture's, by its number in the clip. */
  readonly labelled: readonly BoxPixels[];
}

/**
 * A 4K picture of small people: pictures of the demo clip, scaled down and laid beside each other, uncompressed, with the colour
 * resolution of a camera (4:2:0). Every `step`-th picture of the clip is used until the mosaic is full.
 */
export async function streetMosaic(folder: string, cellWidth: number, step: number, detector: OfflineModel, labelsOf: (picture: number) => readonly BoxPixels[] = () => []): Promise<Mosaic> {
  const cell = { width: cellWidth, height: (cellWidth * 3) / 4 };
  const [columns, rows] = [Math.floor(WIDTH / cell.width), Math.floor(HEIGHT / cell.height)];
  const scaler = new FrameScaler({ ...cell, color: 'rgb', resize: 'stretch', align: 'center', pad: [0, 0, 0] });
  const pixels = new Uint8Array(cell.width * cell.height * 3);
  const planes = { y: Buffer.alloc(WIDTH * HEIGHT, 16), u: Buffer.alloc((WIDTH * HEIGHT) / 4, 128), v: Buffer.alloc((WIDTH * HEIGHT) / 4, 128) };
  const persons: BoxPixels[] = [];
  const labelled: BoxPixels[] = [];
  const clip = await openClip(join(ROOT, 'demo/street.mp4'));
  let picture = -1;
  try {
    for await (const frame of clip.frames()) {
      try {
        picture += 1;
        const place = picture / step;
        if (place >= columns * rows) break;
        if (!Number.isInteger(place)) continue;
        const origin = { x: (place % columns) * cell.width, y: Math.floor(place / columns) * cell.height };
        const scale = cell.width / frame.width;
        const moved = (box: BoxPixels): BoxPixels => ({ x: origin.x + box.x * scale, y: origin.y + box.y * scale, width: box.width * scale, height: box.height * scale });
        const found = await new OfflineFrame(frame, 0, detector, new Map()).detect(TRUE_SCORE);
        for (let row = 0; row < found.count; row += 1) if (found.labelNames[found.labels[row] ?? -1] === 'person') persons.push(moved(boxAt(found.boxes, row)));
        labelled.push(...labelsOf(picture).map(moved));
        scaler.scaleInto(frame, null, pixels);
        paste(planes, pixels, origin, cell);
      } finally {
        frame.free();
      }
    }
  } finally {
    scaler.close();
    await clip.close();
  }
  const file = join(folder, `street-${cellWidth}.y4m`);
  await writeFile(file, [`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\nFRAME\n`, planes.y, planes.u, planes.v]);
  return { file, persons, labelled };
}

/** RGB to limited-range BT.601, one colour sample per 2 x 2 pixels. */
function paste({ y, u, v }: { y: Buffer; u: Buffer; v: Buffer }, rgb: Uint8Array, origin: { x: number; y: number }, { width, height }: { width: number; height: number }): void {
  const at = (row: number, column: number, channel: number): number => rgb[(row * width + column) * 3 + channel] as number;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [red, green, blue] = [at(row, column, 0), at(row, column, 1), at(row, column, 2)];
      y[(origin.y + row) * WIDTH + origin.x + column] = 16 + 0.257 * red + 0.504 * green + 0.098 * blue;
      if (row % 2 !== 0 || column % 2 !== 0) continue;
      const mean = (channel: number): number => (at(row, column, channel) + at(row + 1, column, channel) + at(row, column + 1, channel) + at(row + 1, column + 1, channel)) / 4;
      const [r, g, b] = [mean(0), mean(1), mean(2)];
      const chroma = (((origin.y + row) / 2) * WIDTH) / 2 + (origin.x + column) / 2;
      u[chroma] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      v[chroma] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
}
