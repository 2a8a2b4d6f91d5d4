import type { ExtractRecipe } from './options.js';

/** One video for a process to work on. */
export interface VideoJob {
  readonly type: 'video';
  readonly path: string;
  readonly folder: string;
  readonly recipe: ExtractRecipe;
  readonly threads: number;
  readonly hardware: boolean;
}

export type ToChild = VideoJob | { readonly type: 'stop' };

export interface VideoDone {
  readonly type: 'done';
  /** In the folder, and of these new ones. */
  readonly pictures: number;
  readonly added: number;
  /** Wanted, but left out since they could not be decoded as they were meant. */
  readonly leftOut: number;
  readonly errors: number;
}

export type FromChild =
  | VideoDone
  | { readonly type: 'progress'; readonly added: number; readonly atUs: number; readonly seconds: number | null }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'stopped' };
