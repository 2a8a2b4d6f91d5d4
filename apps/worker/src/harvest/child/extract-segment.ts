import { chooseFrames, spreadQuota } from '@argus/harvest';
import { extractFrames, pictureTimes, PrivacyPainter, thumbnail } from '@argus/media';
import type { SegmentOrder, TakenFrame } from './messages.js';
import { nearestNumber } from './nearest-number.js';

/** The matrix shows many at once; on a sharp screen a cell is half as wide. */
export const THUMBNAIL_SIDE = 320;

/** Takes the wanted pictures out of one segment. Gives the last slot for the camera's next one. @throws VideoFileError */
export async function extractSegment(order: SegmentOrder, take: (frame: TakenFrame) => Promise<void>): Promise<number | null> {
  const { path, startMs, intervals, sampling, marks, lastSlot, most, afterUs } = order;
  const times = await pictureTimes(path);
  const chosen = chooseFrames({ frames: { startMs, ...times }, intervals, sampling, marks, lastSlot });
  if (!order.extracts || chosen.plan === null || most === 0) return chosen.lastSlot;
  const quota = most === null || most >= chosen.ptsUs.length ? null : spreadQuota(chosen.ptsUs.map((ptsUs) => ptsUs / 1000), most).map((place) => chosen.ptsUs[place] as number);
  const kept = afterUs === null ? quota : (quota ?? chosen.ptsUs).filter((ptsUs) => ptsUs > afterUs);
  if (kept?.length === 0) return chosen.lastSlot;
  const places = new Map(times.ptsUs.map((ptsUs, index) => [ptsUs, index]));
  const painter = order.masks.length > 0 ? new PrivacyPainter(order.masks) : null;
  try {
    const frames = extractFrames({
      path,
      choice: kept === null ? chosen.plan : { kind: 'times', ptsUs: kept },
      size: order.size.kind === 'fit' ? order.size : null,
      quality: order.jpegQuality,
      threads: order.threads,
      measure: true,
      ...(painter ? { repaint: (frame) => painter.paint(frame) } : {}),
    });
    for await (const { frameIndex, ptsUs, width, height, jpeg, quality, damaged } of frames) {
      // What is guessed by the decoder teaches a model nothing.
      if (damaged || quality === null) continue;
      await take({ frameIndex: frameIndex ?? nearestNumber(places, ptsUs), ptsUs, width, height, jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), quality });
    }
  } finally {
    painter?.close();
  }
  return chosen.lastSlot;
}
