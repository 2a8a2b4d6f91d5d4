import type { Sample } from '@argus/contracts';
import { nameKey } from '../files/entry-name.js';
import type { SampleSource } from '../sample-source.js';

export interface Sequence {
  /** Fit for a folder. */
  readonly name: string;
  /** Digests in the order of time. */
  readonly frames: readonly string[];
  readonly width: number;
  readonly height: number;
}

interface Frame {
  readonly sample: Pick<Sample, 'sha256' | 'name' | 'width' | 'height'>;
  readonly order: number;
  /** When it was taken by a camera of ours; null: not known. */
  readonly wallMs: number | null;
}

/**
 * The samples as videos: one sequence for each view and video, in the order of their frames. Footage of a camera is cut into files of some seconds: files that have a track in common are one sequence, in the order of time.
 * Keeps about 150 bytes a sample.
 */
export async function sequencesOf(source: SampleSource): Promise<{ sequences: Sequence[]; placeOf(sha256: string): { sequence: Sequence; frame: number } }> {
  const byKey = new Map<string, Frame[]>();
  const joins = new Joins();
  for await (const { sha256, name, width, height, origin, annotations } of source.samples()) {
    // A video has one size.
    const size = `${width} ${height}`;
    const key = `${[origin?.group, origin?.video].filter(Boolean).join('/') || source.name}\n${size}`;
    const frames = byKey.get(key) ?? [];
    const wallMs = origin?.cameraId && origin.wallTime !== null ? Date.parse(origin.wallTime) : null;
    frames.push({ sample: { sha256, name, width, height }, order: origin?.frameIndex ?? origin?.ptsUs ?? 0, wallMs });
    byKey.set(key, frames);
    if (wallMs !== null) for (const { track } of annotations) if (track) joins.add(key, `${origin?.cameraId} ${size} ${track.id}`);
  }
  const names = new Set<string>();
  const places = new Map<string, { sequence: Sequence; frame: number }>();
  const sequences = joins.groupsOf([...byKey.keys()]).map((keys) => {
    const parts = keys.map((key) => ({ key, frames: (byKey.get(key) as Frame[]).sort(byFrame) })).sort((a, b) => startOf(a.frames) - startOf(b.frames));
    const frames = parts.flatMap((part) => part.frames);
    const { key } = parts[0]!;
    const { width, height } = frames[0]!.sample;
    const sequence = { name: folderName(key.slice(0, key.lastIndexOf('\n')), names), frames: frames.map(({ sample }) => sample.sha256), width, height };
    sequence.frames.forEach((sha256, frame) => places.set(sha256, { sequence, frame }));
    return sequence;
  });
  return { sequences, placeOf: (sha256) => places.get(sha256)! };
}

const byFrame = (a: Frame, b: Frame): number => a.order - b.order || a.sample.name.localeCompare(b.sample.name, 'en', { numeric: true }) || (a.sample.sha256 < b.sample.sha256 ? -1 : 1);
const startOf = (frames: readonly Frame[]): number => frames.reduce((first, { wallMs }) => Math.min(first, wallMs ?? 0), Infinity);

/** Keys that something holds together. */
class Joins {
  readonly #parents = new Map<string, string>();
  readonly #firstOf = new Map<string, string>();

  add(key: string, what: string): void {
    const first = this.#firstOf.get(what);
    if (first === undefined) this.#firstOf.set(what, key);
    else if (this.#rootOf(key) !== this.#rootOf(first)) this.#parents.set(this.#rootOf(key), this.#rootOf(first));
  }

  /** Those that are alone, too; in the order of the first of each. */
  groupsOf(keys: readonly string[]): string[][] {
    const groups = new Map<string, string[]>();
    for (const key of keys) {
      const root = this.#rootOf(key);
      const group = groups.get(root);
      if (group) group.push(key);
      else groups.set(root, [key]);
    }
    return [...groups.values()];
  }

  #rootOf(key: string): string {
    let root = key;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    return root;
  }
}

/** A folder name of its own for any text. */
export function folderName(text: string, taken: Set<string>): string {
  // oxlint-disable-next-line no-control-regex -- no folder may be called so
  const safe = [...text.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_').replace(/^\.+|[. ]+$/g, '')].slice(0, 60).join('') || 'unnamed';
  let name = safe;
  for (let i = 2; taken.has(nameKey(name).toLowerCase()); i += 1) name = `${safe}-${i}`;
  taken.add(nameKey(name).toLowerCase());
  return name;
}
