import { LONGEST_VIEW_MS, SHORTEST_VIEW_MS, clamp } from './time-view.js';

export const MOST_CAMERAS = 16;

/** What the page shows; lives in the URL, so that a moment can be sent to somebody. */
export interface TimelineAddress {
  /** null: nothing was chosen. */
  readonly cameraIds: readonly string[] | null;
  readonly atMs: number | null;
  readonly spanMs: number | null;
  /** The camera that fills the page. */
  readonly alone: string | null;
}

/** Unknown values in a URL are as good as none. `t` is ISO 8601, or milliseconds since 1970. */
export function readAddress(search: URLSearchParams): TimelineAddress {
  const cameras = search.getAll('camera').flatMap((text) => text.split(',')).filter(Boolean);
  const text = search.get('t') ?? '';
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  const span = Number(search.get('span')) * 1000;
  return {
    cameraIds: search.has('camera') ? [...new Set(cameras)].slice(0, MOST_CAMERAS) : null,
    atMs: Number.isNaN(at) ? null : at,
    spanMs: span > 0 ? clamp(span, SHORTEST_VIEW_MS, LONGEST_VIEW_MS) : null,
    alone: search.get('alone'),
  };
}

export const timelineAddress = (cameraId: string, atMs: number): string => `/timeline?camera=${cameraId}&t=${new Date(atMs).toISOString()}`;
