import type { BoxPrecise } from '@argus/contracts';
import type { z } from 'zod';

type Box = z.infer<typeof BoxPrecise>;

/** COCO's compressed run lengths (maskApi.c, rleToString): each run as the difference to that before the last, 5 bits a character. */
export function packRuns(runs: readonly number[]): string {
  let text = '';
  for (let i = 0; i < runs.length; i += 1) {
    let left = i > 2 ? runs[i]! - runs[i - 2]! : runs[i]!;
    for (let more = true; more; ) {
      let bits = left & 0x1f;
      left >>= 5;
      more = bits & 0x10 ? left !== -1 : left !== 0;
      if (more) bits |= 0x20;
      text += String.fromCharCode(bits + 48);
    }
  }
  return text;
}

/** null where the text is none. */
export function unpackRuns(text: string): number[] | null {
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5) {
      const code = text.charCodeAt(at) - 48;
      if (!(code >= 0 && code < 64) || shift > 30) return null;
      value |= (code & 0x1f) << shift;
      more = (code & 0x20) !== 0;
      at += 1;
      if (!more && code & 0x10) value |= shift + 5 < 32 ? -1 << (shift + 5) : 0;
    }
    if (runs.length > 2) value += runs[runs.length - 2]!;
    if (value < 0) return null;
    runs.push(value);
  }
  return runs;
}

export function runsArea(runs: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < runs.length; i += 2) area += runs[i]!;
  return area;
}

export function runsTotal(runs: readonly number[]): number {
  return runs.reduce((sum, run) => sum + run, 0);
}

/** The rectangle that holds every set pixel, in whole pixels; null where none is set. Runs go column by column over pictures `height` high. */
export function runsBounds(runs: readonly number[], height: number): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let at = 0;
  for (let i = 0; i < runs.length; at += runs[i]!, i += 1) {
    if (i % 2 === 0 || runs[i] === 0) continue;
    const last = at + runs[i]! - 1;
    const [firstColumn, lastColumn] = [Math.floor(at / height), Math.floor(last / height)];
    left = Math.min(left, firstColumn);
    right = Math.max(right, lastColumn);
    // A run that goes on into the next column touches bottom and top.
    top = lastColumn > firstColumn ? 0 : Math.min(top, at % height);
    bottom = lastColumn > firstColumn ? height - 1 : Math.max(bottom, last % height);
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Row by row within a window, starting with unset pixels: as CVAT has it. */
export function windowRuns(runs: readonly number[], height: number, window: Box): number[] {
  const pixels = new Uint8Array(window.width * window.height);
  let at = 0;
  for (let i = 0; i < runs.length; at += runs[i]!, i += 1) {
    if (i % 2 === 0) continue;
    for (let pixel = at; pixel < at + runs[i]!; pixel += 1) {
      const [column, row] = [Math.floor(pixel / height) - window.x, (pixel % height) - window.y];
      pixels[row * window.width + column] = 1;
    }
  }
  return runsOf(pixels);
}

/** The other way: column by column over the whole picture. null where the window does not fit. */
export function wholeRuns(rows: readonly number[], window: Box, width: number, height: number): number[] | null {
  if (window.x < 0 || window.y < 0 || window.width < 1 || window.height < 1 || window.x + window.width > width || window.y + window.height > height) return null;
  if (runsTotal(rows) > window.width * window.height) return null;
  const columns = new Uint8Array(window.width * window.height);
  let at = 0;
  for (let i = 0; i < rows.length; at += rows[i]!, i += 1) {
    if (i % 2 === 0) continue;
    for (let pixel = at; pixel < at + rows[i]!; pixel += 1) columns[(pixel % window.width) * window.height + Math.floor(pixel / window.width)] = 1;
  }
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  const put = (next: number, many: number) => {
    if (many === 0) return;
    if (next === value) length += many;
    else {
      runs.push(length);
      [value, length] = [next, many];
    }
  };
  put(0, window.x * height);
  for (let column = 0; column < window.width; column += 1) {
    put(0, window.y);
    for (let row = 0; row < window.height; row += 1) put(columns[column * window.height + row]!, 1);
    put(0, height - window.y - window.height);
  }
  put(0, (width - window.x - window.width) * height);
  runs.push(length);
  return runs;
}

function runsOf(pixels: Uint8Array): number[] {
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (const pixel of pixels) {
    if (pixel === value) length += 1;
    else {
      runs.push(length);
      value = pixel;
      length = 1;
    }
  }
  runs.push(length);
  return runs;
}
