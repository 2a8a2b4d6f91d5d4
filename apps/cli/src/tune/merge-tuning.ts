import type { MeasuredTuning, ModelTuning, TuneFigures, TuneReport, TuneResult, TuningProfile } from '@argus/contracts';

export interface MergedTuning {
  readonly profile: TuningProfile;
  /** What changes, and what of the report does not go in, in words. */
  readonly said: readonly string[];
}

const isSame = (one: { model: string; device: string }) => (other: { model: string; device: string }) => one.model === other.model && one.device === other.device;

/** A profile with what was measured: the lines of the measured models and devices are replaced, everything else stays. */
export function mergeTuning(profile: TuningProfile, report: TuneReport): MergedTuning {
  const said: string[] = [];
  const results = report.results.filter((result) => {
    const isReserved = profile.reserved.includes(result.device);
    if (isReserved) said.push(`${result.model} on ${result.device}: left out, the device is reserved for training`);
    return !isReserved;
  });
  const lines = results.flatMap((result) => {
    const line = lineFor(result, profile, results);
    said.push(`${result.model} on ${result.device}: ${whatBecomes(result, line)}`);
    return line ?? [];
  });
  const measured = results.flatMap((result) => recordOf(result, report.targetMs));
  return {
    profile: {
      ...profile,
      models: [...profile.models.filter((line) => !lines.some(isSame(line))), ...lines],
      measured: [...(profile.measured ?? []).filter((record) => !measured.some(isSame(record))), ...measured],
    },
    said,
  };
}

/**
 * What is better is pinned. A model that is pinned anywhere runs nowhere else: so that no device falls out its other devices are pinned as the
 * engine chose them. Where nothing is better and nothing was pinned, nothing is: the engine chooses the same.
 */
function lineFor(result: TuneResult, profile: TuningProfile, results: readonly TuneResult[]): ModelTuning | null {
  const pin = (figures: TuneFigures): ModelTuning => {
    const { picturesPerSecond: _rate, latencyMsP95: _latency, ...configuration } = figures;
    return { model: result.model, device: result.device, ...configuration };
  };
  if (result.verdict === 'better') return pin(result.best);
  const wasPinned = profile.models.some(isSame(result));
  if (wasPinned) return result.verdict === 'defaults-are-best' ? pin(result.defaults) : null;
  const isModelPinned = profile.models.some(({ model }) => model === result.model);
  const isOtherBetter = results.some(({ model, verdict }) => model === result.model && verdict === 'better');
  return !isModelPinned && isOtherBetter ? pin(result.defaults) : null;
}

function whatBecomes({ verdict }: TuneResult, line: ModelTuning | null): string {
  if (line !== null) return `${line.replicas} x ${line.threads} thread${line.threads === 1 ? '' : 's'}, batch ${line.batch}, wait ${line.waitMs} ms`;
  return verdict === 'defaults-are-best' ? 'stays with the engine, its choice is the best' : 'stays as it is, nothing was decided';
}

/** Only what enough rounds decided is kept as a record. */
function recordOf({ model, version, device, verdict, best, overDefault, at }: TuneResult, targetMs: number): MeasuredTuning[] {
  const { picturesPerSecond, latencyMsP95, ...configuration } = best;
  if ((verdict !== 'better' && verdict !== 'defaults-are-best') || picturesPerSecond === null || latencyMsP95 === null) return [];
  return [{ model, device, ...configuration, version, targetMs, picturesPerSecond, latencyMsP95, overDefault, at }];
}
