import { MOST_EXPORT_CAMERAS, type CameraId, type CreateExport } from '@argus/contracts';

/** What the form holds. */
export interface ExportDraft {
  readonly title: string;
  readonly note: string;
  readonly cameraIds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly exact: boolean;
  readonly boxes: boolean;
  readonly blur: readonly string[];
  readonly headsOnly: boolean;
  /** Left out: privacy masks are burnt in. */
  readonly original?: boolean;
  /** Left out: what was heard is handed out, too. */
  readonly sound?: boolean;
}

const LONGEST_MS = 24 * 3_600_000;

/** Fields that do not fit. */
export function draftProblems({ title, cameraIds, from, to }: ExportDraft): ReadonlySet<'title' | 'cameraIds' | 'range'> {
  const ms = Date.parse(to) - Date.parse(from);
  return new Set([
    ...(title.trim().length >= 1 && title.trim().length <= 120 ? [] : (['title'] as const)),
    ...(cameraIds.length >= 1 && cameraIds.length <= MOST_EXPORT_CAMERAS ? [] : (['cameraIds'] as const)),
    ...(ms > 0 && ms <= LONGEST_MS ? [] : (['range'] as const)),
  ]);
}

export function wishOf({ title, note, cameraIds, from, to, exact, boxes, blur, headsOnly, original = false, sound = true }: ExportDraft): CreateExport {
  return {
    title: title.trim(),
    note: note.trim(),
    ranges: cameraIds.map((cameraId) => ({ cameraId: cameraId as CameraId, from, to })),
    options: { trim: exact ? 'exact' : 'keyframe', boxes, blur: blur.map((label) => ({ label, part: headsOnly ? ('head' as const) : ('whole' as const) })), original, sound },
  };
}

/** `2026-11-20T09:00:05` in the time zone of the browser, for a field of date and time. */
export const toLocalField = (iso: string): string => new Date(Date.parse(iso) - new Date(iso).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
