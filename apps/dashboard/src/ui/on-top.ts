import { useRef, type RefObject } from 'react';

/** Whether a window lies above it. */
export const isBeneath = (element: HTMLElement | null): boolean => element?.closest('[aria-hidden="true"], [inert]') != null;

/** For a window that others may come above: Escape is not for it then. Radix itself tells it so a task after the other is shown. */
export function useOnTop(): { readonly ref: RefObject<HTMLDivElement | null>; readonly onEscapeKeyDown: (event: KeyboardEvent) => void } {
  const ref = useRef<HTMLDivElement>(null);
  return { ref, onEscapeKeyDown: (event) => isBeneath(ref.current) && event.preventDefault() };
}
