import type { TuneFigures, TuneReport, TuneResult } from '@argus/contracts';
import { wordsOf } from './configurations.js';
import type { TuneStep } from './search-tuning.js';
import type { TuneJob } from './tune-machine.js';

/** From this share on others disturb what is measured. */
const BUSY = 0.2;

/** `[3:20 left] nanodet-g-416 on cpu, 2 x 1 thread, batch 1: 40.3 pictures/s, p95 131 ms`. */
export function stepText({ manifest, device }: TuneJob, { what, configuration, picturesPerSecond, latencyMs, message }: TuneStep, etaMs: number): string {
  const head = `[${clockText(etaMs)} left] ${manifest.id} on ${device.id}, ${wordsOf(configuration)}`;
  if (what === 'unusable') return `${head}: left out, ${message}`;
  if (what === 'capacity') return `${head}: at most ${rateText(picturesPerSecond)} pictures/s, a run takes ${msText(latencyMs)}`;
  return `${head}: ${rateText(picturesPerSecond)} pictures/s, ${latencyMs === null ? 'too much' : `p95 ${msText(latencyMs)}`}`;
}

/** What a person should know of the machine's state; null: it is quiet. */
export function loadText(busy: number): string | null {
  return busy < BUSY ? null : `${Math.round(busy * 100)} % of this machine is in use by others: the figures are those of what is left, and differences of a few percent may be chance`;
}

/** The result as a table, and a sentence for each model and device. */
export function reportText({ results, problems, targetMs, stopped }: TuneReport): string {
  const rows = results.flatMap((result) => [rowOf(result, 'own choice', result.defaults), ...(result.verdict === 'better' || (result.verdict === 'unfinished' && result.overDefault !== 1) ? [rowOf(result, 'found', result.best)] : [])]);
  const table = rows.length === 0 ? [] : [...aligned([['MODEL', 'DEVICE', '', 'CONFIGURATION', 'PICTURES/S', 'P95', 'AGAINST OWN'], ...rows]), ''];
  const said = results.map((result) => `${result.model} on ${result.device}: ${verdictText(result, targetMs)}.`);
  const failed = problems.map(({ model, device, message }) => `${model} on ${device}: could not be measured: ${message}.`);
  return `${[...(stopped ? ['Stopped by hand; this is what was known by then.', ''] : []), ...table, ...said, ...failed].join('\n')}\n`;
}

function rowOf({ model, device, overDefault }: TuneResult, what: string, figures: TuneFigures): string[] {
  const against = what === 'own choice' ? '' : overDefault === null ? 'own choice misses the target' : percentText(overDefault);
  return [model, device, what, wordsOf(figures), rateText(figures.picturesPerSecond), msText(figures.latencyMsP95), against];
}

function verdictText({ verdict, overDefault, rounds, lowestLatencyMsP95, best }: TuneResult, targetMs: number): string {
  const over = overDefault === null ? 'its own choice misses the target' : `${percentText(overDefault)} in the median of ${rounds} rounds`;
  switch (verdict) {
    case 'better': return `${wordsOf(best)} is better than what the engine chooses by itself (${over})`;
    case 'defaults-are-best': return `the defaults are best; nothing beat them by more than 3 % in ${rounds} rounds`;
    case 'target-missed': return `no configuration keeps a p95 of ${msText(targetMs)} at any rate; the lowest p95 measured is ${msText(lowestLatencyMsP95)}`;
    case 'unfinished': return `nothing was decided: ${rounds < 3 ? `there was time for ${rounds} of 3 rounds only` : 'the rounds contradict one another'}; give it more --minutes, or a quieter machine`;
  }
}

function clockText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const rateText = (rate: number | null): string => (rate === null ? '-' : rate.toFixed(rate < 100 ? 1 : 0));
const msText = (ms: number | null): string => (ms === null ? '-' : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`);
const percentText = (ratio: number): string => `${ratio < 1 ? '' : '+'}${((ratio - 1) * 100).toFixed(0)} %`;

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}
