import { redactCredentials } from '@argus/kernel';
import type { SourcePlan, TimeOuts } from './source-plan.js';

/** RTSP over TCP: over UDP lost packets smear the picture, and firewalls drop it. Only the video track is asked for, where nobody wants the sound. */
export function planRtsp(url: URL, timeOuts: TimeOuts): SourcePlan {
  return {
    input: url.href,
    options: {
      rtsp_transport: 'tcp',
      allowed_media_types: 'video',
      timeout: String(timeOuts.readTimeoutMs * 1000),
      protocol_whitelist: 'rtsp,rtsps,rtp,tcp,tls',
    },
    name: redactCredentials(url.href),
    kind: 'rtsp',
    readTimeoutMs: timeOuts.readTimeoutMs,
    silenceMs: timeOuts.readTimeoutMs * 2,
    loop: false,
    startSeconds: 0,
    paced: false,
  };
}
