import type { CameraState, OfflineReason, WithheldReason } from '@argus/contracts';
import type { RenderMode } from './picture-renderer.js';

/** What a tile says about its picture. Only `live` is shown in colour. */
export type TilePhase = 'connecting' | 'live' | 'stalled' | 'offline' | 'disabled' | 'unlinked' | 'withheld';

export interface TileStatus {
  readonly phase: TilePhase;
  readonly reason: OfflineReason | null;
  /** Why there is no picture although the camera sends. */
  readonly withheld: WithheldReason | null;
  /** Since when it is so, ms since 1970. */
  readonly sinceMs: number;
  readonly lastError: string | null;
  readonly mode: RenderMode | null;
  /** Why the picture comes in a lesser way, in the browser's words. */
  readonly modeProblem: string | null;
}

export interface TileFacts {
  readonly nowMs: number;
  readonly camera: CameraState | null;
  /** Is the link to the gateway open, and since when is that so. */
  readonly linked: boolean;
  readonly linkSinceMs: number;
  /** Arrival of the newest picture; null while none has come. */
  readonly lastPictureMs: number | null;
  readonly mode: RenderMode | null;
  readonly modeProblem: string | null;
  /** The gateway's word that nothing is shown, until it describes a stream again. */
  readonly withheld?: { readonly reason: WithheldReason; readonly text: string; readonly sinceMs: number } | null;
}

/** The camera may say online for some seconds after the last picture: the picture's own age decides. */
export const STALLED_AFTER_MS = 3000;

/** The worst that is known wins; nothing is `live` without a recent picture. */
export function tileStatus(facts: TileFacts): TileStatus {
  const { camera, nowMs, lastPictureMs } = facts;
  const common = { reason: null, withheld: null, lastError: null, mode: facts.mode, modeProblem: facts.modeProblem };
  if (camera && (camera.state === 'offline' || camera.state === 'disabled' || camera.state === 'stalled')) {
    return { ...common, phase: camera.state, reason: camera.reason, sinceMs: Date.parse(camera.since), lastError: camera.lastError };
  }
  if (!facts.linked && (lastPictureMs === null || nowMs - lastPictureMs > STALLED_AFTER_MS)) return { ...common, phase: 'unlinked', sinceMs: facts.linkSinceMs };
  if (facts.withheld) return { ...common, phase: 'withheld', withheld: facts.withheld.reason, sinceMs: facts.withheld.sinceMs, lastError: facts.withheld.reason === 'masks-changed' ? null : facts.withheld.text };
  if (lastPictureMs === null || camera?.state === 'connecting') {
    return { ...common, phase: 'connecting', sinceMs: camera ? Math.max(Date.parse(camera.since), facts.linkSinceMs) : facts.linkSinceMs, lastError: camera?.lastError ?? null };
  }
  if (nowMs - lastPictureMs > STALLED_AFTER_MS) return { ...common, phase: 'stalled', sinceMs: lastPictureMs };
  return { ...common, phase: 'live', sinceMs: camera ? Date.parse(camera.since) : facts.linkSinceMs };
}

export const sameStatus = (a: TileStatus, b: TileStatus): boolean =>
  a.phase === b.phase && a.reason === b.reason && a.withheld === b.withheld && a.sinceMs === b.sinceMs && a.lastError === b.lastError && a.mode === b.mode && a.modeProblem === b.modeProblem;
