import { localMs } from './zoned-day.js';

/** `North gate_2026-11-28 14-05-09.jpg`, in the site's time; what no file system takes is left out. */
export function snapshotName(camera: string, ms: number, timeZone: string): string {
  const local = new Date(localMs(ms, timeZone)).toISOString();
  // oxlint-disable-next-line no-control-regex
  const name = camera.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '').trim() || 'camera';
  return `${name}_${local.slice(0, 10)} ${local.slice(11, 19).replaceAll(':', '-')}.jpg`;
}
