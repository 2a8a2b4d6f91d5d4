import { readFileSync, readdirSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second for everybody. */
const TICKS_PER_SECOND = 100;

/** A process and everything it started, directly or not. Gone ones are left out. */
export function familyOf(pid: number): number[] {
  const threads = read(() => readdirSync(`/proc/${pid}/task`), []);
  // Children are listed with the thread that started them.
  const children = threads.flatMap((thread) => read(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '').split(' ').filter((text) => text !== ''));
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Processor seconds, user and system, of a family so far; those of members that ended meanwhile included. */
export function familyCpuSeconds(...roots: readonly number[]): number {
  const pids = new Set(roots.flatMap(familyOf));
  return [...pids].reduce((total, pid) => total + cpuSeconds(pid, true), 0);
}

/** Processor seconds by process, with what each is, for finding out where they go. */
export function cpuByProcess(...roots: readonly number[]): Map<number, { readonly name: string; readonly seconds: number }> {
  return new Map([...new Set(roots.flatMap(familyOf))].map((pid) => [pid, { name: nameOf(pid), seconds: cpuSeconds(pid, false) }]));
}

/** Proportional set size of a family: shared pages are divided among those who share them. Bytes. */
export function familyPssBytes(...roots: readonly number[]): number {
  const pids = new Set(roots.flatMap(familyOf));
  return [...pids].reduce((total, pid) => total + pssBytes(pid), 0);
}

function cpuSeconds(pid: number, withReaped: boolean): number {
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  if (text === '') return 0;
  // The second field is the name in brackets and may hold blanks; user time is field 14, reaped children's 16 and 17.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const own = (fields[11] ?? 0) + (fields[12] ?? 0);
  const reaped = (fields[13] ?? 0) + (fields[14] ?? 0);
  return (own + (withReaped ? reaped : 0)) / TICKS_PER_SECOND;
}

function pssBytes(pid: number): number {
  const text = read(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
}

function nameOf(pid: number): string {
  const parts = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '').split('\0').filter((part) => part !== '' && !part.startsWith('-'));
  const script = parts.find((part, index) => index > 0 && /\.[mc]?[jt]s$/.test(part));
  return (script ?? parts[0] ?? 'gone').split('/').slice(-3).join('/');
}

/** A process may end while it is being read. */
function read<T>(get: () => T, otherwise: T): T {
  try {
    return get();
  } catch {
    return otherwise;
  }
}
