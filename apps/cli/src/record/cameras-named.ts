import type { Camera } from '@argus/contracts';
import { NotFoundError, UsageError } from '../errors.js';

/** Cameras by name or id, each once, in the order of the words; all where nothing is said. @throws NotFoundError, UsageError */
export function camerasNamed(cameras: readonly Camera[], words: readonly string[] | undefined): Camera[] {
  if (words === undefined) return [...cameras];
  const found = words.map((wanted) => {
    const matches = cameras.filter((one) => one.id === wanted || one.name === wanted);
    const [match, another] = matches;
    if (match === undefined) throw new NotFoundError(`no camera is named "${wanted}"; "argus camera list" shows all ${cameras.length}`);
    if (another !== undefined) throw new UsageError(`${matches.length} cameras are named "${wanted}"; name one by its id: ${matches.map((one) => one.id).join(', ')}`);
    return match;
  });
  return [...new Set(found)];
}
