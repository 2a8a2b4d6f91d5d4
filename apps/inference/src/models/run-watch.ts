import { readFileSync } from 'node:fs';

export interface RunWatch {
  readonly pid: number;
  /** Processor time that it had used before this run, by its own last word: asking the kernel at every run would cost more than the watch is worth. */
  readonly usedMs: number;
  /** A run that takes longer than this is looked at. */
  readonly withinMs: number;
  /** And is given up after this, whatever it does. */
  readonly atMostMs: number;
  readonly onHung: () => void;
  /** Default: what the kernel says. */
  readonly cpuMsOf?: (pid: number) => number | null;
}

/** A process that computes gets at least this much of a crowded machine between two looks, milliseconds. */
const PROGRESS_MS = 20;
/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * Tells a session that hangs from one that is slow because the machine is crowded: the slow one uses processor time. Gives what ends the
 * watch when the answer has come.
 */
export function watchRun({ pid, usedMs: usedBeforeMs, withinMs, atMostMs, onHung, cpuMsOf = cpuTimeOf }: RunWatch): () => void {
  const begunMs = performance.now();
  let [usedMs, isOver] = [usedBeforeMs, false];
  let timer = setTimeout(look, withinMs);

  function look(): void {
    // When this process itself was held up, the answer may lie here unread: it is read before the session is blamed.
    setImmediate(() => {
      if (isOver) return;
      const nowMs = cpuMsOf(pid);
      if (nowMs === null || nowMs - usedMs < PROGRESS_MS || performance.now() - begunMs >= atMostMs) return onHung();
      usedMs = nowMs;
      timer = setTimeout(look, Math.min(withinMs, atMostMs));
    });
  }

  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** Processor time of a process so far; null where the system does not tell. */
function cpuTimeOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets; utime and stime are the 12th and 13th field behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    // No such file system, or no such process any more: its end is told another way.
    return null;
  }
}
