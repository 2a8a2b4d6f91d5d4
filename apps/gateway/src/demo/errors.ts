import { ArgusError } from '@argus/kernel';

export class DemoFileError extends ArgusError {
  readonly code = 'demo.file';
}
