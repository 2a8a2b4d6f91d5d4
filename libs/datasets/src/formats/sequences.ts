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

/** The samples as videos: one sequence for each view and video, in the order of their frames. Keeps about 150 bytes a sample. */
export async function sequencesOf(source: SampleSource): Promise<{ sequences: Sequence[]; placeOf(sha256: string): { sequence: Sequence; frame: number } }> {
  const byKey = new Map<string, { sample: Pick<Sample, 'sha256' | 'name' | 'width' | 'height'>; order: number }[]>();
  for await (const { sha256, name, width, height, origin } of source.samples()) {
    // A video has one size.
    const key = `${[origin?.group, origin?.video].filter(Boolean).join('/') || source.name}\n${width} ${height}`;
    const frames = byKey.get(key) ?? [];
    frames.push({ sample: { sha256, name, width, height }, order: origin?.frameIndex ?? origin?.ptsUs ?? 0 });
    byKey.set(key, frames);
  }
  const names = new Set<string>();
  const places = new Map<string, { sequence: Sequence; frame: number }>();
  const sequences = [...byKey].map(([key, frames]) => {
    frames.sort((a, b) => a.order - b.order || a.sample.name.localeCompare(b.sample.name, 'en', { numeric: true }) || (a.sample.sha256 < b.sample.sha256 ? -1 : 1));
    const { width, height } = frames[0]!.sample;
    const sequence = { name: folderName(key.slice(0, key.lastIndexOf('\n')), names), frames: frames.map(({ sample }) => sample.sha256), width, height };
    sequence.frames.forEach((sha256, frame) => places.set(sha256, { sequence, frame }));
    return sequence;
  });
  return { sequences, placeOf: (sha256) => places.get(sha256)! };
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
