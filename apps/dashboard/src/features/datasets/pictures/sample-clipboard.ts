import { useSyncExternalStore } from 'react';

/** Pictures that were copied in a set, to be put into another one. Digests only: 100,000 of them are small beside their pictures. */
export interface CopiedSamples {
  readonly from: { readonly id: string; readonly name: string };
  readonly digests: readonly string[];
}

let copied: CopiedSamples | null = null;
const listeners = new Set<() => void>();

export function rememberSamples(next: CopiedSamples): void {
  copied = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Kept while the dashboard is open, over its pages. */
export const useCopiedSamples = (): CopiedSamples | null => useSyncExternalStore(subscribe, () => copied);
