import type { Machine } from './machine.ts';

/** From here on a machine is not ours alone. */
const SHARED = 0.15;

/** A figure against what it should be. Nothing is asserted: whoever reads decides. */
export interface Target {
  readonly name: string;
  readonly wanted: string;
  /** null: it could not be measured. */
  readonly measured: number | null;
  readonly met: boolean | null;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** What one benchmark found. */
export interface Report {
  readonly benchmark: string;
  /** Why it did not run; everything else is empty then. */
  readonly skipped?: string;
  readonly targets: readonly Target[];
  readonly tables: readonly Table[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
  /** Everything measured, for machines. */
  readonly figures: Readonly<Record<string, unknown>>;
}

export const skipped = (benchmark: string, reason: string): Report => ({ benchmark, skipped: reason, targets: [], tables: [], notes: [], figures: {} });

export const atLeast = (name: string, measured: number | null, wanted: number, unit = ''): Target => ({ name, wanted: `>= ${wanted}${unit}`, measured, met: metBy(measured, (value) => value >= wanted) });
export const atMost = (name: string, measured: number | null, wanted: number, unit = ''): Target => ({ name, wanted: `<= ${wanted}${unit}`, measured, met: metBy(measured, (value) => value <= wanted) });

const metBy = (measured: number | null, test: (value: number) => boolean): boolean | null => (measured === null || !Number.isFinite(measured) ? null : test(measured));

/** The tables for people, then one line of JSON for machines. */
export function renderReport(report: Report, machine: Machine): string {
  const { benchmark, skipped: reason, tables, targets, notes, figures } = report;
  const line = JSON.stringify({ benchmark, ...(reason === undefined ? {} : { skipped: reason }), machine, targets, figures });
  if (reason !== undefined) return `${benchmark}: skipped: ${reason}\n${line}\n`;
  const verdicts: Table = { title: 'targets', head: ['target', 'wanted', 'measured', ''], rows: targets.map(({ name, wanted, measured, met }) => [name, wanted, measured, met === null ? 'not measured' : met ? 'met' : 'NOT MET']) };
  return `${[...tables, verdicts].filter(({ rows }) => rows.length > 0).map(renderTable).join('\n')}${[machineLine(machine), ...notes].map((note) => `  ${note}\n`).join('')}${line}\n`;
}

function machineLine({ cores, processor, loadBefore, busyBefore, commit, versions }: Machine): string {
  const shared = busyBefore > SHARED ? '; others use it, so what depends on wall time (latency, saturation, rates) says little' : '';
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores (${processor}), load ${loadBefore.toFixed(1)} and ${(busyBefore * 100).toFixed(0)} % busy before the start${shared}; ${commit}; ${software.join(', ')}`;
}

export function renderTable({ title, head, rows }: Table): string {
  const cells = [head, ...rows].map((row) => row.map(textOf));
  const widths = head.map((_name, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const render = (row: readonly string[]) => `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
  return `\n${title}\n${cells.map(render).join('\n')}\n`;
}

function textOf(value: string | number | null): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '-';
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}
