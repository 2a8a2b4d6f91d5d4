import type { Camera, Priority, SystemStatus } from '@argus/contracts';
import type { Tone } from '../../ui/badge.js';
import { cameraHealth, type CameraHealth } from '../cameras/camera-health.js';

export interface CameraRow {
  readonly id: string;
  readonly name: string;
  readonly priority: Priority | null;
  readonly tags: readonly string[];
  readonly health: CameraHealth;
  readonly camera: SystemStatus['cameras'][number];
}

export interface RowFilter {
  /** Looked for in name and tags. */
  readonly words: string;
  /** wrong: what is neither fine nor switched off. */
  readonly show: 'all' | 'wrong' | Priority;
}

const RANK: Readonly<Record<Tone, number>> = { alarm: 0, caution: 1, busy: 2, good: 3, calm: 4 };

/** Cameras with what they are, the worst first; among equals by name, so that rows do not jump about. */
export function cameraRows(status: SystemStatus, cameras: ReadonlyMap<string, Camera>, nowMs: number): CameraRow[] {
  const rows = status.cameras.map((camera) => {
    const id = camera.state.cameraId as string;
    const known = cameras.get(id);
    return { id, name: known?.name ?? id, priority: known?.priority ?? null, tags: known?.tags ?? [], health: cameraHealth(camera, nowMs), camera };
  });
  return rows.sort((a, b) => RANK[a.health.tone] - RANK[b.health.tone] || a.health.word.localeCompare(b.health.word) || a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id));
}

export function filterRows(rows: readonly CameraRow[], { words, show }: RowFilter): CameraRow[] {
  const wanted = words.trim().toLowerCase();
  return rows.filter((row) => {
    if (wanted && ![row.name, ...row.tags].some((text) => text.toLowerCase().includes(wanted))) return false;
    if (show === 'wrong') return row.health.tone !== 'good' && row.health.tone !== 'calm';
    return show === 'all' || row.priority === show;
  });
}

/** `page` counts from 1 and is brought within what there is: rows leave a filter while somebody looks at its last page. */
export function pageOf<T>(rows: readonly T[], page: number, size: number): { readonly shown: readonly T[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const within = Math.min(Math.max(1, page), pages);
  return { shown: rows.slice((within - 1) * size, within * size), page: within, pages };
}
