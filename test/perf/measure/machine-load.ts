import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Share of all processor time that this machine spends on anything during the next seconds, 0..1: ours, the cameras' and others'. */
export async function machineBusy(seconds: number): Promise<number> {
  const before = readTotals();
  await sleep(seconds * 1000);
  const after = readTotals();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function readTotals(): { readonly all: number; readonly idle: number } {
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  // user nice system idle iowait irq softirq steal
  return { all: fields.reduce((total, value) => total + value, 0), idle: (fields[3] ?? 0) + (fields[4] ?? 0) };
}
