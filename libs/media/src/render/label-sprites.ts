import { existsSync } from 'node:fs';
import { Frame, FilterGraph } from 'node-av/lib';

/** In this order; the first ones have Chinese in them. */
const FONTS = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf',
  '/System/Library/Fonts/PingFang.ttc',
];
const MOST_KEPT = 500;

/** The font that labels are written in; null: this machine has none of those that are known, and boxes stay without words. */
export const findLabelFont = (): string | null => FONTS.find((path) => existsSync(path)) ?? null;

/**
 * Labels as small pictures, each drawn once by the native library and then copied into every picture that shows it: drawing text anew
 * for each box would cost more than decoding.
 */
export class LabelSprites {
  readonly #kept = new Map<string, Frame | null>();
  readonly #font = findLabelFont();

  /** @param rgb of the ground, `0xrrggbb`. null: no font, or the native library cannot draw text. Stays this object's. */
  find(text: string, rgb: number, size: number): Frame | null {
    const key = `${size} ${rgb} ${text}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    if (this.#kept.size >= MOST_KEPT) this.close();
    const sprite = this.#font === null ? null : draw(text, rgb, size, this.#font);
    this.#kept.set(key, sprite);
    return sprite;
  }

  close(): void {
    for (const frame of this.#kept.values()) frame?.free();
    this.#kept.clear();
  }
}

function draw(text: string, rgb: number, size: number, font: string): Frame | null {
  const even = (value: number) => Math.ceil(value / 2) * 2;
  // Chinese signs are as wide as high, others about half.
  const wide = [...text].reduce((sum, sign) => sum + (sign.codePointAt(0)! > 0x2e80 ? 1 : 0.58), 0);
  const [width, height] = [even(wide * size + size * 0.5), even(size * 1.5)];
  const graph = new FilterGraph();
  const frame = new Frame();
  graph.alloc();
  frame.alloc();
  const said = text.replace(/[\\':%\p{C}]/gu, ' ');
  const color = `0x${rgb.toString(16).padStart(6, '0')}`;
  const parsed = graph.parsePtr(`color=c=${color}:s=${width}x${height}:d=1:r=1,format=yuv420p,drawtext=fontfile='${font}':expansion=none:text='${said}':fontsize=${size}:fontcolor=black:x=${Math.round(size / 4)}:y=(h-text_h)/2,buffersink@out`);
  const done = parsed >= 0 && graph.configSync() >= 0;
  const sink = done ? graph.getFilter('buffersink@out') : null;
  const got = sink === null ? -1 : sink.buffersinkGetFrameSync(frame);
  graph.free();
  if (got >= 0) return frame;
  frame.free();
  return null;
}
