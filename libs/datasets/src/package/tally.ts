import type { DatasetCounts, Sample } from '@argus/contracts';

export interface GeometryCounts {
  polygons: number;
  points: number;
  masks: number;
}

/** Counts of a set, made while it passes by. */
export class Tally {
  readonly geometry: GeometryCounts = { polygons: 0, points: 0, masks: 0 };
  readonly #labels = new Map<string, number>();
  readonly #groups = new Set<string>();
  #samples = 0;
  #bytes = 0;
  #annotations = 0;
  #complete = 0;

  add({ bytes, annotations, complete, origin }: Sample): void {
    this.#samples += 1;
    this.#bytes += bytes;
    this.#annotations += annotations.length;
    if (complete) this.#complete += 1;
    if (origin) this.#groups.add(origin.group);
    for (const { kind, label, runs } of annotations) {
      this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
      if (kind === 'polygon') this.geometry.polygons += 1;
      else if (kind === 'points') this.geometry.points += 1;
      else if (runs) this.geometry.masks += 1;
    }
  }

  get counts(): DatasetCounts {
    const labels = Object.fromEntries([...this.#labels].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { samples: this.#samples, bytes: this.#bytes, annotations: this.#annotations, labels, groups: this.#groups.size, complete: this.#complete };
  }
}
