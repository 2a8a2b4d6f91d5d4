/** One family of figures as Prometheus knows it. */
export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

const counter = (help: string, ...labels: string[]): MetricSpec => ({ type: 'counter', help, labels });
const gauge = (help: string, ...labels: string[]): MetricSpec => ({ type: 'gauge', help, labels });
const histogram = (help: string, ...labels: string[]): MetricSpec => ({ type: 'histogram', help, labels });

const CAMERA = ['camera', 'name'] as const;
const RUN = ['model', 'version', 'device'] as const;

/**
 * Every figure under /metrics, in the order in which it is printed. Labels come from closed lists or from rows that people
 * made: never an address, a path or anything that grows with time.
 */
export const METRICS = {
  argus_info: gauge('Always 1; the version is its label.', 'version'),
  argus_sample_pictures_collected_total: counter('Pictures that were removed because no sample set and no version used them.'),
  argus_sample_bytes_collected_total: counter('Bytes of removed pictures, with their places in shards.'),
  argus_sample_collection_last_timestamp_seconds: gauge('When unused pictures were last looked for.'),
  argus_sample_collection_broken: gauge('1 when the last look for unused pictures broke off.'),
  argus_database_up: gauge('1 when the database answered this scrape.'),

  argus_camera_state: gauge('1 for the state that the camera is in.', ...CAMERA, 'state'),
  argus_camera_packets_received_total: counter('Encoded pictures that came from the source.', ...CAMERA),
  argus_camera_packets_skipped_total: counter('Packets that were not decoded, by cause.', ...CAMERA, 'cause'),
  argus_camera_frames_decoded_total: counter('Pictures that were decoded.', ...CAMERA),
  argus_camera_frames_paced_total: counter('Decoded, but not due at the analysis rate.', ...CAMERA),
  argus_camera_frames_still_total: counter('Due, but nothing moved: what the motion gate saves.', ...CAMERA),
  argus_camera_frames_offered_total: counter('Due and moving: handed to the scheduler.', ...CAMERA),
  argus_camera_frames_analysed_total: counter('Offered and analysed.', ...CAMERA),
  argus_camera_frames_dropped_total: counter('Offered and not analysed, by cause.', ...CAMERA, 'cause'),
  argus_camera_reconnects_total: counter('Connections after the first.', ...CAMERA),
  argus_camera_last_packet_timestamp_seconds: gauge('When the last packet came.', ...CAMERA),
  argus_camera_last_frame_timestamp_seconds: gauge('When the last picture was decoded.', ...CAMERA),
  argus_camera_last_inference_timestamp_seconds: gauge('When the last picture was analysed.', ...CAMERA),
  argus_camera_target_frames_per_second: gauge('Analysis rate that the camera has now; lowered while the machine is overloaded.', ...CAMERA),
  argus_camera_latency_seconds: gauge('Packet arrival to tracks known, over the last few seconds.', ...CAMERA, 'percentile'),
  argus_camera_decode_mode: gauge('1 for what is decoded now: all packets, part of each group, or key frames only.', ...CAMERA, 'mode'),

  argus_engine_up: gauge('1 while the inference process is connected.'),
  argus_engine_problems: gauge('Problems in the configuration that the engine could not apply.'),
  argus_device_up: gauge('1 while the compute device works.', 'device', 'kind', 'provider'),
  argus_device_memory_bytes: gauge('Memory of the compute device.', 'device'),
  argus_device_busy_ratio: gauge('Share of the time in which the sessions on the device computed, mean of its sessions.', 'device'),
  argus_model_sessions: gauge('Open sessions.', ...RUN),
  argus_model_sessions_replaced_total: counter('Sessions replaced because they hung or died.', ...RUN),
  argus_model_runs_total: counter('Runs of the model.', ...RUN),
  argus_model_pictures_total: counter('Pictures and cut-outs in all runs.', ...RUN),
  argus_model_batch_pictures: gauge('Pictures in one run, mean.', ...RUN),
  argus_model_busy_ratio: gauge('Share of the time in which the sessions of the model computed.', ...RUN),
  argus_model_queue_seconds: gauge('From a picture\'s request to the begin of its run, over the last few seconds.', ...RUN, 'percentile'),
  argus_model_compute_seconds: gauge('Time of a run, over the last few seconds.', ...RUN, 'percentile'),
  argus_model_last_success_timestamp_seconds: gauge('When the last run succeeded.', ...RUN),
  argus_cpu_busy_ratio: gauge('Share of all cores in use by the engine and its children.'),
  argus_load_shedding: gauge('1 for what is left out because the machine is overloaded.', 'mode'),
  argus_load_granted_ratio: gauge('Share of the wanted analysis rate that each class of cameras gets.', 'class'),
  argus_child_cpu_ratio: gauge('Cores in use by a child of the engine.', 'child', 'kind'),
  argus_child_resident_memory_bytes: gauge('Memory of a child of the engine.', 'child', 'kind'),
  argus_child_cameras: gauge('Cameras that a child of the engine serves.', 'child', 'kind'),
  argus_child_restarts_total: counter('Restarts of a child of the engine.', 'child', 'kind'),
  argus_event_loop_delay_p99_seconds: gauge('Delay of the event loop, 99th percentile.', 'process'),
  argus_rollout_frames_total: counter('Pictures that both the detector in use and its candidate saw.', 'pipeline', 'candidate'),
  argus_rollout_agreement_ratio: gauge('How far the candidate agrees with the detector in use.', 'pipeline', 'candidate'),

  argus_events_committed_total: counter('Revisions of events that were committed, by their state.', 'state'),
  argus_event_commit_seconds: histogram('From the arrival of an event revision at the gateway to its commit.'),
  argus_event_intake_waiting: gauge('Journal entries that wait for the database.'),
  argus_outbox_pending: gauge('Outbox rows and deliveries that are still to be sent.'),
  argus_outbox_dead: gauge('Deliveries that were given up.'),
  argus_outbox_oldest_pending_timestamp_seconds: gauge('Since when the oldest of them waits; absent when none does.'),
  argus_webhook_attempt_seconds: histogram('Time of one request to a webhook, by its outcome.', 'outcome'),
  argus_webhook_delivery_seconds: histogram('From a delivery\'s making to its success, waits for retries included.'),
  argus_http_request_seconds: histogram('Time of an HTTP request, by route and class of status.', 'method', 'route', 'status'),
  argus_trace_spans_total: counter('Spans of traces, by what became of them.', 'outcome'),

  argus_process_up: gauge('1 while the process of Argus is up.', 'process'),
  argus_process_restarts_total: counter('Restarts of the process of Argus.', 'process'),
  process_cpu_seconds_total: counter('CPU time of the gateway.'),
  process_resident_memory_bytes: gauge('Memory of the gateway.'),
  process_start_time_seconds: gauge('When the gateway was started.'),
  process_open_fds: gauge('Open files and sockets of the gateway.'),
  nodejs_heap_size_used_bytes: gauge('JavaScript heap of the gateway in use.'),
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
