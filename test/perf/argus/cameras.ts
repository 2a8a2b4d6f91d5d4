import { setPriority } from 'node:os';
import { startRtspCameras, type RtspCameras } from '@argus/testing';

/** Prime-ish distance between the cameras' places in the clip, so that their key frames and pictures do not fall together. */
export const APART_SECONDS = 3.3;

/** So many RTSP cameras that show one clip. Their process goes first on the machine: real cameras have processors of their own. */
export async function startCameras(count: number, clip: string, prefix = 'camera'): Promise<RtspCameras & { readonly paths: readonly string[] }> {
  const paths = Array.from({ length: count }, (_unused, index) => `${prefix}-${index + 1}`);
  const rtsp = await startRtspCameras({ clip, cameras: paths.map((path, index) => ({ path, startSeconds: index * APART_SECONDS })) });
  try {
    setPriority(rtsp.pid, -10);
  } catch {
    // Only root may; the figures are a little worse without.
  }
  return { ...rtsp, paths };
}
