import type { DatasetCounts, Sample } from '@argus/contracts';

export interface GeometryCounts {
  polygons: number;
  points: number;
  masks: number;
}

export interface TallyState {
  readonly geometry: GeometryCounts;
  readonly labels: Map<string, number>;
  readonly groups: Set<string>;
  samples: number;
  bytes: number;
  annotations: number;
  complete: number;
}

/** Counts of a set, made while it passes by. */
export class Tally {
  constructor(readonly state: TallyState = { geometry: { polygons: 0, points: 0, masks: 0 }, labels: new Map(), groups: new Set(), samples: 0, bytes: 0, annotations: 0, complete: 0 }) {}

  get geometry(): GeometryCounts {
    return this.state.geometry;
  }

  add({ bytes, annotations, complete, origin }: Sample): void {
    this.state.samples += 1;
    this.state.bytes += bytes;
    this.state.annotations += annotations.length;
    if (complete) this.state.complete += 1;
    if (origin) this.state.groups.add(origin.group);
    for (const { kind, label, runs } of annotations) {
      this.state.labels.set(label, (this.state.labels.get(label) ?? 0) + 1);
      if (kind === 'polygon') this.geometry.polygons += 1;
      else if (kind === 'points') this.geometry.points += 1;
      else if (runs) this.geometry.masks += 1;
    }
  }

  get counts(): DatasetCounts {
    const labels = Object.fromEntries([...this.state.labels].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { samples: this.state.samples, bytes: this.state.bytes, annotations: this.state.annotations, labels, groups: this.state.groups.size, complete: this.state.complete };
  }
}
