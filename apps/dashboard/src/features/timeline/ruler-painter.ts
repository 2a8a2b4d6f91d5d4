import type { CameraTimeline, RecordingHold } from '@argus/contracts';
import { labelColorIndex } from '../live/label-colors.js';
import { pixelAt, type TimeView } from './time-view.js';
import { ticksOf } from './zoned-day.js';

export interface RulerStyle {
  readonly labels: readonly string[];
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly accentFill: string;
  readonly accentSoft: string;
  readonly onAccent: string;
  readonly alarm: string;
  readonly font: string;
}

export interface RulerPicture {
  readonly view: TimeView;
  readonly timeZone: string;
  /** One row each; null: not known yet. */
  readonly rows: readonly (CameraTimeline | null)[];
  /** What is protected, of each row. */
  readonly holds: readonly (readonly RecordingHold[])[];
  /** What the motion of the rows spans. */
  readonly known: TimeView | null;
  readonly selection: { readonly fromMs: number; readonly toMs: number | null } | null;
  readonly positionMs: number;
  readonly hoverMs: number | null;
  readonly nowMs: number;
  readonly clockOf: (ms: number, seconds: boolean) => string;
  readonly dayOf: (ms: number) => string;
}

export interface RulerSize {
  readonly width: number;
  readonly height: number;
  readonly axis: number;
  readonly row: number;
}

export function readRulerStyle(element: Element): RulerStyle {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    labels: Array.from({ length: 8 }, (_, index) => value(`--label-${index + 1}`)),
    surface: value('--surface'),
    raised: value('--raised'),
    line: value('--line'),
    lineStrong: value('--line-strong'),
    ink: value('--ink'),
    ink2: value('--ink-2'),
    ink3: value('--ink-3'),
    accent: value('--accent'),
    accentFill: value('--accent-fill'),
    accentSoft: value('--accent-soft'),
    onAccent: value('--on-accent'),
    alarm: value('--alarm'),
    font: `13px ${style.fontFamily}`,
  };
}

type Context = CanvasRenderingContext2D;
const MAJOR_PX = 88;
/** Nearer than this to the flag of a moment a label would be half behind it. */
const FLAG_PX = 62;

/** The whole ruler: hours, one row per camera, what is selected, where it plays. CSS pixels. */
export function paintRuler(context: Context, picture: RulerPicture, size: RulerSize, style: RulerStyle): void {
  context.clearRect(0, 0, size.width, size.height);
  context.font = style.font;
  context.textBaseline = 'middle';
  paintTicks(context, picture, size, style);
  picture.rows.forEach((row, index) => paintRow(context, row, size.axis + index * size.row, picture, size, style));
  paintFuture(context, picture, size, style);
  picture.holds.forEach((holds, index) => paintHolds(context, holds, size.axis + (index + 1) * size.row, picture, size, style));
  paintSelection(context, picture, size, style);
  if (picture.hoverMs !== null) paintHover(context, picture.hoverMs, picture, size, style);
  paintHead(context, picture, size, style);
}

function paintTicks(context: Context, { view, timeZone, positionMs, hoverMs, clockOf, dayOf }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const ticks = ticksOf(view, timeZone, size.width, MAJOR_PX);
  const covered = [positionMs, ...(hoverMs === null ? [] : [hoverMs])].map((ms) => pixelAt(view, ms, size.width));
  const seconds = ticks.some(({ ms, major }) => major && ms % 60_000 !== 0);
  for (const { ms, major } of ticks) {
    const x = Math.round(pixelAt(view, ms, size.width)) + 0.5;
    context.strokeStyle = major ? style.lineStrong : style.line;
    line(context, x, size.axis - (major ? 8 : 4), x, size.axis);
    if (!major) continue;
    context.strokeStyle = style.line;
    line(context, x, size.axis, x, size.height);
    if (covered.some((flagX) => Math.abs(flagX - x) < FLAG_PX)) continue;
    const text = clockOf(ms, seconds);
    const midnight = text.startsWith('00:00') && !text.slice(5).replace(/[:0]/g, '');
    context.fillStyle = midnight ? style.ink : style.ink2;
    const label = midnight ? dayOf(ms) : text;
    const half = context.measureText(label).width / 2 + 2;
    context.textAlign = 'center';
    context.fillText(label, Math.min(Math.max(x, half), size.width - half), size.axis / 2 - 3);
  }
}

function paintRow(context: Context, row: CameraTimeline | null, top: number, picture: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const { view } = picture;
  const tight = size.row < 20;
  const [inner, bottom, mark] = tight ? [size.row - 4, top + size.row - 2, 4] : [size.row - 8, top + size.row - 4, 5];
  context.strokeStyle = style.line;
  line(context, 0, top + size.row - 0.5, size.width, top + size.row - 0.5);
  if (!row) {
    context.fillStyle = style.raised;
    return context.fillRect(0, bottom - inner, size.width, inner);
  }
  context.fillStyle = style.accentSoft;
  for (const { startAt, endAt } of row.spans) {
    const [from, to] = [pixelAt(view, Date.parse(startAt), size.width), pixelAt(view, Date.parse(endAt), size.width)];
    if (to >= 0 && from <= size.width) context.fillRect(from, bottom - inner, Math.max(1, to - from), inner);
  }
  if (picture.known) paintMotion(context, row.motion, picture.known, { bottom, height: inner - mark - 1 }, view, size.width, style);
  for (const event of row.events) {
    const from = Date.parse(event.startAt);
    const to = event.endAt ? Date.parse(event.endAt) : event.state === 'ended' ? from : picture.nowMs;
    const [x, end] = [pixelAt(view, from, size.width), pixelAt(view, to, size.width)];
    if (end < -3 || x > size.width) continue;
    context.fillStyle = style.labels[labelColorIndex(event.label) - 1] ?? style.ink;
    context.fillRect(x, bottom - inner, Math.max(3, end - x), mark);
  }
}

/** A bracket below the footage that is protected: it is on top of what has not been yet, too. */
function paintHolds(context: Context, holds: readonly RecordingHold[], bottom: number, { view }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const cap = size.row < 20 ? 4 : 7;
  context.fillStyle = style.ink2;
  for (const { from, to } of holds) {
    const [x, end] = [pixelAt(view, Date.parse(from), size.width), pixelAt(view, Date.parse(to), size.width)].map(Math.round) as [number, number];
    if (end < 0 || x > size.width) continue;
    const width = Math.max(3, end - x);
    context.fillRect(x, bottom - 3, width, 2);
    context.fillRect(x, bottom - 1 - cap, 2, cap);
    context.fillRect(x + width - 2, bottom - 1 - cap, 2, cap);
  }
}

/** Small motion is what matters at night: the square root makes it visible. */
function paintMotion(context: Context, motion: readonly (number | null)[], known: TimeView, { bottom, height }: { bottom: number; height: number }, view: TimeView, width: number, style: RulerStyle): void {
  const step = (known.toMs - known.fromMs) / Math.max(1, motion.length);
  context.fillStyle = style.accent;
  context.globalAlpha = 0.75;
  const first = Math.max(0, Math.floor((view.fromMs - known.fromMs) / step));
  const last = Math.min(motion.length - 1, Math.ceil((view.toMs - known.fromMs) / step));
  for (let index = first; index <= last; index += 1) {
    const share = motion[index];
    if (!share) continue;
    const [from, to] = [index, index + 1].map((at) => pixelAt(view, known.fromMs + at * step, width)) as [number, number];
    const tall = Math.max(1, Math.min(1, Math.sqrt(share)) * height);
    context.fillRect(from, bottom - tall, Math.max(0.75, to - from), tall);
  }
  context.globalAlpha = 1;
}

/** What has not been yet is no gap. */
function paintFuture(context: Context, { view, nowMs }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const x = pixelAt(view, nowMs, size.width);
  if (x >= size.width) return;
  context.fillStyle = style.raised;
  context.globalAlpha = 0.6;
  context.fillRect(Math.max(0, x), size.axis, size.width - Math.max(0, x), size.height - size.axis);
  context.globalAlpha = 1;
  if (x < 0) return;
  context.strokeStyle = style.alarm;
  context.setLineDash([3, 3]);
  line(context, Math.round(x) + 0.5, size.axis - 8, Math.round(x) + 0.5, size.height);
  context.setLineDash([]);
}

function paintSelection(context: Context, { view, selection, positionMs }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  if (!selection) return;
  const from = pixelAt(view, selection.fromMs, size.width);
  const to = pixelAt(view, selection.toMs ?? Math.max(selection.fromMs, positionMs), size.width);
  context.fillStyle = style.accentFill;
  context.globalAlpha = 0.28;
  context.fillRect(from, 0, Math.max(1, to - from), size.height);
  context.globalAlpha = 1;
  context.fillRect(from - 1, 0, 2, size.height);
  if (selection.toMs !== null) context.fillRect(to - 1, 0, 2, size.height);
}

function paintHover(context: Context, ms: number, { view, clockOf }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const x = Math.round(pixelAt(view, ms, size.width)) + 0.5;
  context.strokeStyle = style.ink3;
  line(context, x, size.axis, x, size.height);
  flag(context, x, clockOf(ms, true), size, { fill: style.raised, ink: style.ink });
}

function paintHead(context: Context, { view, positionMs, clockOf }: RulerPicture, size: RulerSize, style: RulerStyle): void {
  const x = pixelAt(view, positionMs, size.width);
  if (x < -40 || x > size.width + 40) return;
  context.fillStyle = style.ink;
  context.fillRect(Math.round(x) - 1, size.axis - 2, 2, size.height - size.axis + 2);
  flag(context, x, clockOf(positionMs, true), size, { fill: style.accentFill, ink: style.onAccent });
}

function flag(context: Context, x: number, text: string, size: RulerSize, { fill, ink }: { fill: string; ink: string }): void {
  const width = Math.ceil(context.measureText(text).width) + 12;
  const left = Math.min(Math.max(0, x - width / 2), size.width - width);
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(left, 2, width, size.axis - 6, 4);
  context.fill();
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.fillText(text, left + width / 2, size.axis / 2);
}

function line(context: Context, x1: number, y1: number, x2: number, y2: number): void {
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
