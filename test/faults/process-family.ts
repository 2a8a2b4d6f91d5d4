import { readdirSync, readFileSync } from 'node:fs';

/** A process of the engine's family. */
export interface Relative {
  readonly pid: number;
  readonly command: string;
  /** One letter of /proc, e.g. `T` while it is stopped, `Z` when it is dead and not yet reaped. */
  readonly state: string;
}

/** A process and all its descendants that are alive. */
export function familyOf(pid: number): Relative[] {
  const found = read(pid);
  return found === null || found.state === 'Z' ? [] : [found, ...childrenOf(pid).flatMap(familyOf)];
}

/** What a process of the family is there for. */
export const ROLES = ['main', 'ingest', 'models'] as const;
export type Role = (typeof ROLES)[number];

const roleOf = ({ command }: Relative): Role => (command.includes('ingest/child/main.js') ? 'ingest' : /worker-main|model-runner/.test(command) ? 'models' : 'main');

export const ingestChildren = (enginePid: number): Relative[] => familyOf(enginePid).filter((relative) => roleOf(relative) === 'ingest');
export const modelProcesses = (enginePid: number): Relative[] => familyOf(enginePid).filter((relative) => roleOf(relative) === 'models');

/** Memory that a family holds, bytes by role: pages shared by several processes count once (proportional set size). */
export function memoryOf(enginePid: number): Record<Role, number> {
  const held: Record<Role, number> = { main: 0, ingest: 0, models: 0 };
  for (const relative of familyOf(enginePid)) held[roleOf(relative)] += proportionalBytes(relative.pid);
  return held;
}

function proportionalBytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It has ended since it was listed.
    return 0;
  }
}

function read(pid: number): Relative | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), state: stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '?' };
  } catch {
    return null;
  }
}

/** Of all threads: a child belongs to the thread that forked it. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
