import { useEffect, useState } from 'react';
import { chosenFiles, droppedFiles, type PickedFile } from './picked-files.js';

const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

let pastedMs = -Infinity;
/** The browser has just given files of a paste: then Ctrl+V was meant for them. */
export const wereFilesPasted = (): boolean => performance.now() - pastedMs < 500;

/** Files that are dropped or pasted anywhere on the page. Answers whether some are being dragged over it. */
export function useDroppedFiles(onFiles: ((files: readonly PickedFile[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!onFiles) return;
    let depth = 0;
    const enter = (event: DragEvent) => hasFiles(event.dataTransfer) && ((depth += 1), setOver(true));
    const leave = (event: DragEvent) => hasFiles(event.dataTransfer) && ((depth = Math.max(0, depth - 1)), depth === 0 && setOver(false));
    const hold = (event: DragEvent) => hasFiles(event.dataTransfer) && event.preventDefault();
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer).then(onFiles);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      pastedMs = performance.now();
      event.preventDefault();
      onFiles(chosenFiles(files));
    };
    const heard: [string, (event: never) => unknown][] = [['dragenter', enter], ['dragleave', leave], ['dragover', hold], ['drop', drop], ['paste', paste]];
    for (const [name, listener] of heard) window.addEventListener(name, listener as EventListener);
    return () => heard.forEach(([name, listener]) => window.removeEventListener(name, listener as EventListener));
  }, [onFiles]);
  return over && onFiles !== null;
}
