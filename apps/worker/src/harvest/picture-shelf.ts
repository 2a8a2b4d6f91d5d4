import { hostname } from 'node:os';

/** Where a worker puts pictures before rows name them. */
export interface PictureShelf {
  /** For so long what was put may wait for more, so that it goes at once; 0: each time there is something. */
  readonly holdMs: number;
  put(content: Uint8Array, extension: string): Promise<{ readonly sha256: string }>;
  /** Resolves when everything that was put is durable, and everybody finds it. */
  commit(): Promise<void>;
}

/** As a name of a folder. */
export const machineName = (): string => hostname().replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'worker';
