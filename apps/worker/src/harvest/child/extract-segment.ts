import { chooseFrames, spreadQuota } from '@argus/harvest';
import { pictureTimes } from '@argus/media';
import type { SegmentOrder, TakenFrame } from './messages.js';
import { takeFrames } from './take-frames.js';

/** Takes the wanted pictures out of one segment. Gives the last slot for the camera's next one. @throws VideoFileError */
export async function extractSegment(order: SegmentOrder, take: (frame: TakenFrame) => Promise<void>): Promise<number | null> {
  const { path, startMs, intervals, sampling, marks, lastSlot, most, afterUs } = order;
  const times = await pictureTimes(path);
  const chosen = chooseFrames({ frames: { startMs, ...times }, intervals, sampling, marks, lastSlot });
  if (!order.extracts || chosen.plan === null || most === 0) return chosen.lastSlot;
  const quota = most === null || most >= chosen.ptsUs.length ? null : spreadQuota(chosen.ptsUs.map((ptsUs) => ptsUs / 1000), most).map((place) => chosen.ptsUs[place] as number);
  const kept = afterUs === null ? quota : (quota ?? chosen.ptsUs).filter((ptsUs) => ptsUs > afterUs);
  if (kept?.length === 0) return chosen.lastSlot;
  await takeFrames({ ...order, choice: kept === null ? chosen.plan : { kind: 'times', ptsUs: kept } }, times, take);
  return chosen.lastSlot;
}
