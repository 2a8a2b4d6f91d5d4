import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Share of all cores that is in use, 0..1, over so many milliseconds. */
export async function machineLoad(spanMs: number): Promise<number> {
  const before = ticks();
  await sleep(spanMs);
  const after = ticks();
  const all = after.all - before.all;
  return all <= 0 ? 0 : 1 - (after.idle - before.idle) / all;
}

function ticks(): { readonly all: number; readonly idle: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, core) => sum + core.idle, 0);
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}
