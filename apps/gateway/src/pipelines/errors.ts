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
