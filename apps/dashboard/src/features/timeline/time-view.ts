/** What of time the ruler shows, milliseconds since 1970. */
export interface TimeView {
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const SHORTEST_VIEW_MS = MINUTE_MS;
/** A day on which clocks are set back has 25 hours. */
export const LONGEST_VIEW_MS = 25 * HOUR_MS;

export const spanOf = (view: TimeView): number => view.toMs - view.fromMs;

export const timeAt = (view: TimeView, x: number, width: number): number => view.fromMs + (x / Math.max(1, width)) * spanOf(view);

export const pixelAt = (view: TimeView, ms: number, width: number): number => ((ms - view.fromMs) / spanOf(view)) * width;

/** `factor` below one shows less; the time at `anchorMs` stays where it is. */
export function zoomView(view: TimeView, factor: number, anchorMs: number): TimeView {
  const span = clamp(spanOf(view) * factor, SHORTEST_VIEW_MS, LONGEST_VIEW_MS);
  const share = (anchorMs - view.fromMs) / spanOf(view);
  const fromMs = anchorMs - share * span;
  return { fromMs, toMs: fromMs + span };
}

export const panView = (view: TimeView, byMs: number): TimeView => ({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs });

export const viewAround = (centerMs: number, spanMs: number): TimeView => ({ fromMs: centerMs - spanMs / 2, toMs: centerMs + spanMs / 2 });

/** The same view where it shows `ms`, else moved so that `ms` comes a tenth behind its beginning: what plays on is seen for long. */
export function viewWith(view: TimeView, ms: number): TimeView {
  if (ms >= view.fromMs && ms <= view.toMs) return view;
  return panView(view, ms - view.fromMs - spanOf(view) / 10);
}

/** Footage is asked for in steps, so that a view that moves or grows a little asks nothing anew: two blocks that are as long as the view, or up to twice. */
export function blockOf(view: TimeView): TimeView {
  const level = 2 ** Math.ceil(Math.log2(spanOf(view) / MINUTE_MS)) * MINUTE_MS;
  const fromMs = Math.floor(view.fromMs / level) * level;
  return { fromMs, toMs: fromMs + 2 * level };
}

export const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
