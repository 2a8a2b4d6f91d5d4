import type { Event, EventView } from '@argus/contracts';

/** A row of `events` as pg gives it: bigint as text, timestamptz as Date, jsonb parsed. */
export interface EventRow {
  [column: string]: unknown;
  started_at: Date;
  confirmed_at: Date | null;
  ended_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  pts_us: string;
}

/** Columns that the engine fills, with the value of each; the order is the order of the statement's parameters. */
export const EVENT_COLUMNS: readonly (readonly [column: string, value: (event: Event) => unknown])[] = [
  ['id', (event) => event.id],
  ['revision', (event) => event.revision],
  ['state', (event) => event.state],
  ['kind', (event) => event.kind],
  ['camera_id', (event) => event.cameraId],
  ['camera_name', (event) => event.cameraName],
  ['rule_id', (event) => event.ruleId],
  ['rule_name', (event) => event.ruleName],
  ['track_id', (event) => event.trackId],
  ['label', (event) => event.label],
  ['score', (event) => event.score],
  ['count', (event) => event.count],
  ['detail', (event) => event.detail],
  ['zone', (event) => event.zone],
  ['started_at', (event) => event.startedAt],
  ['confirmed_at', (event) => event.confirmedAt],
  ['confirmation', (event) => event.confirmation],
  ['ended_at', (event) => event.endedAt],
  ['end_reason', (event) => event.endReason],
  ['pts_us', (event) => event.ptsUs],
  ['box', (event) => jsonOrNull(event.box)],
  ['attributes', (event) => JSON.stringify(event.attributes)],
  ['path', (event) => JSON.stringify(event.path)],
  ['models', (event) => JSON.stringify(event.models)],
  ['snapshot_key', (event) => event.snapshotKey],
  ['thumbnail_key', (event) => event.thumbnailKey],
];

const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const momentOrNull = (moment: Date | null): string | null => moment?.toISOString() ?? null;

/** The row as the API shows it. Columns and checks of the table guarantee the shape. */
export function eventOfRow(row: EventRow): EventView {
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    kind: row.kind,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    trackId: row.track_id,
    label: row.label,
    score: row.score,
    count: row.count,
    detail: row.detail,
    zone: row.zone,
    startedAt: row.started_at.toISOString(),
    confirmedAt: momentOrNull(row.confirmed_at),
    confirmation: row.confirmation,
    endedAt: momentOrNull(row.ended_at),
    endReason: row.end_reason,
    ptsUs: Number(row.pts_us),
    box: row.box,
    attributes: row.attributes,
    path: row.path,
    models: row.models,
    snapshotKey: row.snapshot_key,
    thumbnailKey: row.thumbnail_key,
    acknowledgedAt: momentOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
  } as EventView;
}
