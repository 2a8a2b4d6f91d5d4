import type { HarvestRun } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

export class RecipeNameTakenError extends ArgusError {
  readonly code = 'harvest.name-taken';
  constructor(name: string) {
    super(`there is a harvest recipe with the name "${name}" already; choose another name`, { name });
  }
}

export class HarvestStateError extends ArgusError {
  readonly code = 'harvest.state';
  constructor(wanted: string, state: HarvestRun['state']) {
    super(`the run is ${state}; ${wanted}`, { state });
  }
}

export class NoCamerasError extends ArgusError {
  readonly code = 'harvest.no-cameras';
  constructor() {
    super('no camera that you may look at has a name and tags as the recipe wants them; a preview names the cameras that do');
  }
}

export class OriginalPicturesError extends ArgusError {
  readonly code = 'harvest.originals';
  constructor() {
    super('pictures without the privacy masks of their cameras take the permission "recording.original"; leave the masks in (masked: true)');
  }
}
