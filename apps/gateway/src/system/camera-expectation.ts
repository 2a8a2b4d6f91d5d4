import type { Camera, CameraStatus, ModelSummary, Pipeline, TuningProfile, Warning } from '@argus/contracts';
import { modelProblem } from '../pipelines/pipeline-warnings.js';

/** Beside what is configured: a key frame has to come, a batch has to be filled, a report is a second old. */
const MARGIN_MS = 10_000;

/** Within this time a camera that works was analysed: however still its scene, however low its rate. */
export function inferenceWithinMs(camera: Pick<Camera, 'analysisFps' | 'priority'>, pipeline: Pick<Pipeline, 'analysisFps' | 'gate'>, tuning: Pick<TuningProfile, 'targetFps' | 'hours'>): number {
  const limits = [tuning.targetFps, ...tuning.hours.map((hour) => hour.targetFps)].flatMap((target) => target[camera.priority] ?? []);
  const slowestFps = Math.min(camera.analysisFps ?? pipeline.analysisFps, ...limits);
  const stillMs = pipeline.gate.enabled ? pipeline.gate.stillIntervalSeconds * 1000 : 0;
  return Math.max(1000 / slowestFps, stillMs) + MARGIN_MS;
}

/** It sends pictures and was not analysed as lately as it should be. One that has just come online is given its time, and one of which the engine has told no figures yet. */
export function isStale({ state, stats, inferenceWithinMs, detectorProblem }: CameraStatus, nowMs: number): boolean {
  if (state.state !== 'online' || stats === null) return false;
  const lastMs = Math.max(Date.parse(state.since), stats.lastInferenceAt === null ? 0 : Date.parse(stats.lastInferenceAt));
  return detectorProblem !== null || nowMs - lastMs > inferenceWithinMs;
}

/** Why its detector can analyse nothing; null also while the engine has not said yet which models there are. */
export function detectorProblem(pipeline: Pick<Pipeline, 'detector'>, models: readonly ModelSummary[]): Warning | null {
  if (models.length === 0) return null;
  return modelProblem('detector', pipeline.detector, models.find((known) => known.id === pipeline.detector));
}
