import { localTimeOf } from '@argus/harvest';
import type { HarvestedCamera, IndexedSegment } from './camera-footage.js';
import type { FrameOrigin } from './keep-frames.js';

/** Pictures under masks that nobody has any more are for those who may see originals. null: they may be taken. */
export function whyNotMasked({ maskedUntilMs }: Pick<HarvestedCamera, 'maskedUntilMs'>, masked: boolean, startMs: number): string | null {
  if (!masked || maskedUntilMs === null || startMs >= maskedUntilMs) return null;
  return `the camera had privacy masks until ${new Date(maskedUntilMs).toISOString()} and has none now, so that none can be burnt in; originals can be asked for (masked: false)`;
}

/** What is known of a picture of recorded footage. */
export function footageOrigin(camera: HarvestedCamera, { zone, masked }: { readonly zone: string; readonly masked: boolean }, segment: Pick<IndexedSegment, 'id' | 'startMs'>, { frameIndex, ptsUs }: { readonly frameIndex: number; readonly ptsUs: number }): FrameOrigin {
  const wallMs = segment.startMs + ptsUs / 1000;
  const { local, tzVersion } = localTimeOf(wallMs, zone);
  return {
    name: `${local.slice(0, 23).replace(/[-:.]/g, '')}-${frameIndex}.jpg`,
    group: camera.name,
    video: segment.id,
    wallMs: Math.round(wallMs),
    timeZone: zone,
    tzVersion: tzVersion ?? '',
    isOriginal: !masked && (camera.masks.length > 0 || (camera.maskedUntilMs !== null && segment.startMs < camera.maskedUntilMs)),
  };
}
