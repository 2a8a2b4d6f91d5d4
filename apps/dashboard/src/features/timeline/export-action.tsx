/** What an export is made of: these cameras, this range (ISO 8601). */
export interface ExportRange {
  readonly cameraIds: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** "Export…" beside a selected range. Nothing is shown while there is no route that makes exports. */
export function ExportAction(_range: ExportRange) {
  return null;
}
