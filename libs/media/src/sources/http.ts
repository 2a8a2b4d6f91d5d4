import { redactCredentials } from '@argus/kernel';
import { CONTAINERS, type SourcePlan, type TimeOuts } from './source-plan.js';

/** Between two segments of an HLS playlist nothing comes for a segment's length, often 6 to 10 s. */
const HLS_SILENCE_MS = 30_000;

/**
 * MPEG-TS, HLS, motion JPEG and plain clips over HTTP. The white-list is the whole protection against a playlist or redirect
 * that points at files of this machine: no `file`, no `concat`, no `subfile`.
 */
export function planHttp(url: URL, timeOuts: TimeOuts): SourcePlan {
  const playlist = url.pathname.toLowerCase().endsWith('.m3u8');
  return {
    input: url.href,
    options: {
      rw_timeout: String(timeOuts.readTimeoutMs * 1000),
      protocol_whitelist: 'http,https,tcp,tls,crypto',
      format_whitelist: [...CONTAINERS, 'hls', 'applehttp'].join(','),
    },
    name: redactCredentials(url.href),
    kind: 'http',
    readTimeoutMs: timeOuts.readTimeoutMs,
    silenceMs: playlist ? HLS_SILENCE_MS : timeOuts.readTimeoutMs * 2,
    loop: false,
    startSeconds: 0,
    paced: false,
  };
}
