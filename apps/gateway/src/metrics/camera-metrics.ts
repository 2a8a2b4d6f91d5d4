import { CameraState, CameraStats, type CameraId } from '@argus/contracts';
import type { MetricsText } from './metrics-text.js';

/** A camera as a scrape shows it. */
export interface ScrapedCamera {
  readonly id: CameraId;
  readonly name: string;
  readonly state: CameraState;
  /** null: the engine has no figures of it. */
  readonly stats: CameraStats | null;
}

const STATES = CameraState.shape.state.options;
const MODES = CameraStats.shape.decodeMode.options;
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
export const timestamp = (moment: string | null): number | null => seconds(moment === null ? null : Date.parse(moment));

/** All figures of one camera. Its counters begin at zero when its source is started again, as Prometheus expects of counters. */
export function addCamera(text: MetricsText, { id, name, state, stats }: ScrapedCamera): void {
  const labels = { camera: id, name };
  text.addState('argus_camera_state', 'state', STATES, state.state, labels);
  if (stats === null) return;
  text.add('argus_camera_packets_received_total', stats.received, labels);
  for (const [cause, count] of Object.entries(stats.skipped)) text.add('argus_camera_packets_skipped_total', count, { ...labels, cause });
  text.add('argus_camera_frames_decoded_total', stats.decoded, labels);
  text.add('argus_camera_frames_paced_total', stats.paced, labels);
  text.add('argus_camera_frames_still_total', stats.still, labels);
  text.add('argus_camera_frames_offered_total', stats.offered, labels);
  text.add('argus_camera_frames_analysed_total', stats.analysed, labels);
  for (const [cause, count] of Object.entries(stats.dropped)) text.add('argus_camera_frames_dropped_total', count, { ...labels, cause });
  text.add('argus_camera_reconnects_total', stats.reconnects, labels);
  text.add('argus_camera_last_packet_timestamp_seconds', timestamp(stats.lastPacketAt), labels);
  text.add('argus_camera_last_frame_timestamp_seconds', timestamp(stats.lastFrameAt), labels);
  text.add('argus_camera_last_inference_timestamp_seconds', timestamp(stats.lastInferenceAt), labels);
  text.add('argus_camera_target_frames_per_second', stats.targetFps, labels);
  text.add('argus_camera_latency_seconds', seconds(stats.latencyMsP50), { ...labels, percentile: '50' });
  text.add('argus_camera_latency_seconds', seconds(stats.latencyMsP95), { ...labels, percentile: '95' });
  text.addState('argus_camera_decode_mode', 'mode', MODES, stats.decodeMode, labels);
}
