import { redactCredentials } from '@argus/kernel';
import type { SourcePlan, TimeOuts } from './source-plan.js';

/** RTMP. `timeout` would mean "wait as a server" here, so only the transport's time-out is set. */
export function planRtmp(url: URL, timeOuts: TimeOuts): SourcePlan {
  return {
    input: url.href,
    options: {
      rw_timeout: String(timeOuts.readTimeoutMs * 1000),
      protocol_whitelist: 'rtmp,tcp',
      format_whitelist: 'flv,live_flv',
    },
    name: redactCredentials(url.href),
    kind: 'rtmp',
    readTimeoutMs: timeOuts.readTimeoutMs,
    silenceMs: timeOuts.readTimeoutMs * 2,
    loop: false,
    startSeconds: 0,
    paced: false,
  };
}
