import { PRIORITIES, type Camera, type CameraStatus, type ComputeStats } from '@argus/contracts';
import { age } from './columns.js';

type Load = NonNullable<ComputeStats['load']>;

/** How loaded the machine is, and who gets less because of it, in one line. */
export function loadLine(load: Load | null): string {
  if (load === null) return 'not reported by inference';
  const cpu = `inference uses ${percent(load.cpu)} of the processor`;
  if (load.shedding === 'none') return `${cpu}; every camera gets its full rate`;
  const less = PRIORITIES.filter((priority) => (load.granted[priority] ?? 1) < 0.995).map((priority) => `class ${priority} gets ${percent(load.granted[priority] ?? 1)} of its rate`);
  const what = less.length > 0 ? less.toReversed().join(', ') : 'every class still gets its rate';
  return `${cpu}; overloaded: ${what}${load.shedding === 'decode' ? '; pictures are left undecoded' : ''}`;
}

/** How many of the cameras that send pictures were not analysed as lately as they should be. */
export const staleCount = (cameras: readonly CameraStatus[], nowMs: number): number => cameras.filter((camera) => camera.state.state === 'online' && isStale(camera, nowMs)).length;

/** How many cameras were analysed as lately as they should be, and which were not, or are not recorded. A camera that just came online is given its time. */
export function camerasLine(cameras: readonly CameraStatus[], names: ReadonlyMap<string, Pick<Camera, 'name'>>, nowMs: number): string {
  const wanted = cameras.filter((camera) => camera.state.state !== 'disabled');
  if (wanted.length === 0) return cameras.length === 0 ? 'none yet' : 'all disabled';
  const sending = wanted.filter((camera) => camera.state.state === 'online');
  const stale = sending.filter((camera) => isStale(camera, nowMs));
  const unrecorded = sending.filter(({ stats }) => stats?.recorder?.state === 'failed');
  const listed = (some: readonly CameraStatus[], why: (camera: CameraStatus) => string): string =>
    `${some.slice(0, 5).map((camera) => `${names.get(camera.state.cameraId)?.name ?? camera.state.cameraId} (${why(camera)})`).join(', ')}${some.length > 5 ? ', …' : ''}`;
  return [
    `${sending.length - stale.length} of ${wanted.length} analysed as they should be`,
    ...(wanted.length > sending.length ? [`${wanted.length - sending.length} without a stream`] : []),
    ...(stale.length > 0 ? [`${stale.length} NOT ANALYSED LATELY: ${listed(stale, (camera) => whyStale(camera, nowMs))}`] : []),
    ...(unrecorded.length > 0 ? [`${unrecorded.length} NOT RECORDED: ${listed(unrecorded, ({ stats }) => stats?.recorder?.problem ?? 'no reason is known')}`] : []),
  ].join('; ');
}

function isStale({ state, stats, inferenceWithinMs, detectorProblem }: CameraStatus, nowMs: number): boolean {
  const last = Math.max(Date.parse(state.since), stats?.lastInferenceAt ? Date.parse(stats.lastInferenceAt) : 0);
  return detectorProblem !== null || nowMs - last > inferenceWithinMs;
}

function whyStale({ stats, detectorProblem }: CameraStatus, nowMs: number): string {
  return detectorProblem?.text ?? (stats?.lastInferenceAt ? `${age(stats.lastInferenceAt, nowMs)} ago` : 'never');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
