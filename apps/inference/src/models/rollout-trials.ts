import type { Detections, Pipeline, PipelineId, RolloutStats } from '@argus/contracts';
import { agreementOf, thresholdsOf } from '@argus/pipeline';
import type { LiveFrame } from '../camera/live-frame.js';
import { ModelUnavailableError } from '../errors.js';
import type { ModelPool } from './model-pool.js';

interface Trial {
  readonly frames: number;
  readonly both: number;
  readonly onlyCurrent: number;
  readonly onlyCandidate: number;
}

/** The least that a detector says of a picture at all; comparison starts where each would report. */
const NOTHING: Trial = { frames: 0, both: 0, onlyCurrent: 0, onlyCandidate: 0 };

/** Detectors on trial: a share of the pictures is shown to the candidate as well, and the answers are compared. Its answers go nowhere else. */
export class RolloutTrials {
  readonly #trials = new Map<PipelineId, { key: string; trial: Trial; due: number }>();

  constructor(private readonly models: ModelPool) {}

  /** Pipelines as they are now; figures of another trial, or of one that is over, are forgotten. */
  configure(pipelines: readonly Pipeline[]): void {
    const running = new Map(pipelines.flatMap(({ id, detector, rollout }) => (rollout ? [[id, `${detector} ${rollout.candidate}`] as const] : [])));
    for (const id of this.#trials.keys()) if (!running.has(id)) this.#trials.delete(id);
    for (const [id, key] of running) if (this.#trials.get(id)?.key !== key) this.#trials.set(id, { key, trial: NOTHING, due: 0 });
  }

  /** Settles when the candidate is done with the picture, or at once when it is not its turn or there is no room. Never delays the camera. */
  async show(pipeline: Pipeline, frame: LiveFrame, current: Detections, isBusy: boolean): Promise<void> {
    const entry = this.#trials.get(pipeline.id);
    const { rollout } = pipeline;
    if (!entry || !rollout) return;
    entry.due += rollout.shadowShare;
    const candidate = this.models.find(rollout.candidate);
    const incumbent = this.models.find(pipeline.detector);
    if (entry.due < 1 || isBusy || !candidate?.lane.ready || candidate.lane.room === 0 || !incumbent) return;
    entry.due %= 1;
    const [own, other] = [thresholdsOf(pipeline, incumbent.manifest), thresholdsOf(pipeline, candidate.manifest)];
    try {
      const found = await frame.detectWith(candidate, other.lowScore);
      if (!found) return;
      const { both, onlyFirst, onlySecond } = agreementOf(current, own.highScore, found, other.highScore);
      const { trial } = entry;
      entry.trial = { frames: trial.frames + 1, both: trial.both + both, onlyCurrent: trial.onlyCurrent + onlyFirst, onlyCandidate: trial.onlyCandidate + onlySecond };
    } catch (error) {
      // Its lane has said why; a candidate that fails shows as one that has seen nothing.
      if (!(error instanceof ModelUnavailableError)) throw error;
    }
  }

  stats(pipelines: Iterable<Pipeline>): RolloutStats[] {
    return [...pipelines].flatMap((pipeline) => {
      const trial = this.#trials.get(pipeline.id)?.trial;
      const { rollout } = pipeline;
      if (!trial || !rollout) return [];
      const model = this.models.find(rollout.candidate);
      const all = 2 * trial.both + trial.onlyCurrent + trial.onlyCandidate;
      return [{
        pipelineId: pipeline.id,
        candidate: rollout.candidate,
        candidateVersion: model?.manifest.version ?? '',
        ...trial,
        agreement: all === 0 ? null : (2 * trial.both) / all,
        computeMsP50: model?.lane.stats()[0]?.computeMsP50 ?? null,
        canaryCameraIds: rollout.canaryCameraIds,
      }];
    });
  }
}
