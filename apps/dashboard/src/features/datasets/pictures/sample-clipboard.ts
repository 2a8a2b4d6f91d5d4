import { useSyncExternalStore } from 'react';

/** Pictures that were copied in a set, to be put into another one. Digests only: 100,000 of them are small beside their pictures. */
export interface CopiedSamples {
  readonly from: { readonly id: string; readonly name: string };
  readonly digests: readonly string[];
}

const KEY = 'argus.copied-samples';
let copied: CopiedSamples | null = stored();
const listeners = new Set<() => void>();

/** Another tab, or this page before it was loaded anew. What somebody else put there is none of ours. */
function stored(): CopiedSamples | null {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? 'null') as CopiedSamples | null;
    return typeof value?.from?.id === 'string' && typeof value.from.name === 'string' && Array.isArray(value.digests) ? value : null;
  } catch {
    return null;
  }
}

export function rememberSamples(next: CopiedSamples): void {
  copied = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Too many for the browser's store (about 70,000): this tab remembers them all the same.
    localStorage.removeItem(KEY);
  }
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function onStorage({ key }: StorageEvent): void {
  if (key !== KEY) return;
  copied = stored();
  tell();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('storage', onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', onStorage);
  };
}

/** Kept over pages and tabs of this browser. */
export const useCopiedSamples = (): CopiedSamples | null => useSyncExternalStore(subscribe, () => copied);
