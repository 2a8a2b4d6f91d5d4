import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 500;

/** Work of the server that has not ended yet. */
export const isOpen = ({ state }: { readonly state: string }): boolean => state === 'queued' || state === 'running';

/** Asks until it is over, and says how far it is whenever that changed. */
export async function follow<T>(ask: () => Promise<T>, isAtWork: (now: T) => boolean, progressLine: (now: T) => string, say: (line: string) => void): Promise<T> {
  for (let said = ''; ; await sleep(ASK_EVERY_MS)) {
    const now = await ask();
    if (!isAtWork(now)) return now;
    const line = progressLine(now);
    if (line !== said) say(line);
    said = line;
  }
}
