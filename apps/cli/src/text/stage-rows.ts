import type { ProfileTrace } from '@argus/contracts';

/** Figures of one stage in a recording. */
export interface StageRow {
  readonly stage: string;
  readonly spans: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly totalMs: number;
}

const US_PER_MS = 1000;

/** One row a stage, in the order of the trace's tracks. */
export function stageRows(trace: ProfileTrace): StageRow[] {
  const stages = new Map<string, { tid: number; durations: number[] }>();
  for (const { ph, name, tid, dur } of trace.traceEvents) {
    if (ph !== 'X' || dur === undefined) continue;
    const stage = stages.get(name) ?? { tid, durations: [] };
    stages.set(name, { tid: Math.min(stage.tid, tid), durations: stage.durations });
    stage.durations.push(dur / US_PER_MS);
  }
  return [...stages].sort(([, a], [, b]) => a.tid - b.tid).map(([stage, { durations }]) => rowOf(stage, durations.sort((a, b) => a - b)));
}

function rowOf(stage: string, sorted: readonly number[]): StageRow {
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { stage, spans: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), totalMs: sorted.reduce((sum, one) => sum + one, 0) };
}
