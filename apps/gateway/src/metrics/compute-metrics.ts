import { LoadStats, type ComputeStats, type EngineStatus, type ModelRunStats } from '@argus/contracts';
import { timestamp } from './camera-metrics.js';
import type { MetricsText } from './metrics-text.js';

const SHEDDING = LoadStats.shape.shedding.options;
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** The engine as a whole: devices, models, load, rollouts. */
export function addCompute(text: MetricsText, engine: EngineStatus, compute: ComputeStats): void {
  text.add('argus_engine_up', engine.connected);
  text.add('argus_engine_problems', engine.problems.length);
  for (const { id, kind, provider, health, memoryBytes } of compute.devices) {
    text.add('argus_device_up', health === 'ok', { device: id, kind, provider });
    text.add('argus_device_memory_bytes', memoryBytes, { device: id });
  }
  for (const [device, busy] of busyByDevice(compute.runs)) text.add('argus_device_busy_ratio', busy, { device });
  for (const run of compute.runs) addRun(text, run);
  if (compute.load) addLoad(text, compute.load);
  for (const { pipelineId, candidate, frames, agreement } of compute.rollouts) {
    text.add('argus_rollout_frames_total', frames, { pipeline: pipelineId, candidate });
    text.add('argus_rollout_agreement_ratio', agreement, { pipeline: pipelineId, candidate });
  }
}

function addRun(text: MetricsText, run: ModelRunStats): void {
  const labels = { model: run.model, version: run.version, device: run.device };
  text.add('argus_model_sessions', run.replicas, labels);
  text.add('argus_model_sessions_replaced_total', run.replaced, labels);
  text.add('argus_model_runs_total', run.runs, labels);
  text.add('argus_model_pictures_total', run.pictures, labels);
  text.add('argus_model_batch_pictures', run.batchMean, labels);
  text.add('argus_model_busy_ratio', run.busy, labels);
  text.add('argus_model_queue_seconds', seconds(run.queueMsP50), { ...labels, percentile: '50' });
  text.add('argus_model_queue_seconds', seconds(run.queueMsP95), { ...labels, percentile: '95' });
  text.add('argus_model_compute_seconds', seconds(run.computeMsP50), { ...labels, percentile: '50' });
  text.add('argus_model_compute_seconds', seconds(run.computeMsP95), { ...labels, percentile: '95' });
  text.add('argus_model_last_success_timestamp_seconds', timestamp(run.lastSuccessAt), labels);
}

function addLoad(text: MetricsText, load: LoadStats): void {
  text.add('argus_cpu_busy_ratio', load.cpu);
  text.addState('argus_load_shedding', 'mode', SHEDDING, load.shedding);
  for (const [name, share] of Object.entries(load.granted)) text.add('argus_load_granted_ratio', share, { class: name });
  text.add('argus_event_loop_delay_p99_seconds', seconds(load.loopDelayMsP99), { process: 'inference' });
  // By place, not by process id: ids would make new series with every restart.
  const places = new Map<string, number>();
  for (const child of load.children) {
    const place = places.get(child.kind) ?? 0;
    places.set(child.kind, place + 1);
    const labels = { child: `${child.kind}-${place}`, kind: child.kind };
    text.add('argus_child_cpu_ratio', child.cpu, labels);
    text.add('argus_child_resident_memory_bytes', child.residentBytes, labels);
    text.add('argus_child_cameras', child.cameras, labels);
    text.add('argus_child_restarts_total', child.restarts, labels);
    text.add('argus_event_loop_delay_p99_seconds', seconds(child.loopDelayMsP99), { process: labels.child });
  }
}

/** Mean over the sessions on each device. */
function busyByDevice(runs: readonly ModelRunStats[]): Map<string, number> {
  const sums = new Map<string, { busy: number; sessions: number }>();
  for (const { device, busy, replicas } of runs) {
    const sum = sums.get(device) ?? { busy: 0, sessions: 0 };
    sums.set(device, { busy: sum.busy + busy * replicas, sessions: sum.sessions + replicas });
  }
  return new Map([...sums].map(([device, { busy, sessions }]) => [device, sessions === 0 ? 0 : busy / sessions]));
}
