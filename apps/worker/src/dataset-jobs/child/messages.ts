import type { Tasks } from './tasks.js';

export interface ToTasks {
  readonly request: number;
  readonly task: keyof Tasks;
  readonly input: unknown;
}

export type FromTasks =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly request: number; readonly answer: unknown }
  /** `ofPicture`: others may do. */
  | { readonly type: 'failed'; readonly request: number; readonly message: string; readonly ofPicture: boolean };
