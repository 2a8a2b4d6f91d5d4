import { ArgusError } from '@argus/kernel';

export class DatasetNameTakenError extends ArgusError {
  readonly code = 'dataset.name-taken';
  constructor(name: string) {
    super(`there is a sample set with the name "${name}" already; choose another name`, { name });
  }
}

/** It is worked on: something would be written into what is not there any more. */
export class DatasetInUseError extends ArgusError {
  readonly code = 'dataset.in-use';
  constructor(what: string) {
    super(`the sample set is in use: ${what}; stop that first`);
  }
}
