import { ArgusError } from '@argus/kernel';

export class DefaultPipelineError extends ArgusError {
  readonly code = 'pipeline.default';
  constructor() {
    super('the default pipeline serves every camera that names none, so it can be changed but not removed');
  }
}

export class PipelineInUseError extends ArgusError {
  readonly code = 'pipeline.in-use';
  constructor(cameras: number) {
    super(`${cameras} camera${cameras === 1 ? ' uses' : 's use'} this pipeline; give them another one first`, { cameras });
  }
}

export class NoRolloutError extends ArgusError {
  readonly code = 'pipeline.no-rollout';
  constructor() {
    super('no other detector is on trial in this pipeline; start a trial first');
  }
}

export class NoPreviousDetectorError extends ArgusError {
  readonly code = 'pipeline.no-previous';
  constructor() {
    super('this pipeline never had another detector, so there is nothing to go back to');
  }
}

export class ModelNotReadyError extends ArgusError {
  readonly code = 'pipeline.model-not-ready';
  constructor(model: string, why: string) {
    super(`the model "${model}" cannot become the detector: ${why}`, { model });
  }
}
