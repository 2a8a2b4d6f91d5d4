import { execFile, fork } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ComputeDevice, DeviceId } from '@argus/contracts';
import type { ModelDevice } from './devices.js';

const PROBE_FILE = fileURLToPath(new URL('../../dist/runtime/probe-main.js', import.meta.url));
const PROBE_WITHIN_MS = 30_000;

/**
 * The compute devices of this machine, each tried with a one-node graph: the processor first, then what GPUs there are. In a process of
 * its own, because a broken driver crashes who loads it; then only the processor is left, with the reason.
 */
export async function probeDevices(): Promise<readonly ComputeDevice[]> {
  const tried = await tryProviders();
  const cards = await listCards();
  return [processor(), ...tried.flatMap((device) => computeDevicesOf(device, cards))];
}

interface Card {
  readonly name: string;
  readonly memoryBytes: number;
}

function processor(): ComputeDevice {
  const all = cpus();
  return { id: 'cpu' as DeviceId, kind: 'cpu', provider: 'cpu', name: `${all[0]?.model.trim() ?? 'processor'}, ${all.length} cores`, memoryBytes: totalmem(), health: 'ok', problem: null };
}

function computeDevicesOf({ provider, available, reason, remedy }: ModelDevice, cards: readonly Card[]): ComputeDevice[] {
  const ofCards = provider === 'cuda' || provider === 'tensorrt';
  const names: readonly (Card | null)[] = ofCards && cards.length > 0 ? cards : [null];
  const problem = available ? null : [reason, remedy].filter((text) => text !== null).join('; ');
  return names.map((card, index) => ({ id: `${provider}:${index}` as DeviceId, kind: 'gpu', provider, name: card?.name ?? provider, memoryBytes: card?.memoryBytes ?? null, health: available ? 'ok' : 'missing', problem }));
}

function tryProviders(): Promise<readonly ModelDevice[]> {
  return new Promise((resolve) => {
    const child = fork(PROBE_FILE, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], timeout: PROBE_WITHIN_MS, killSignal: 'SIGKILL' });
    child.once('message', (devices) => resolve((devices as ModelDevice[]).filter((device) => device.provider !== 'cpu')));
    child.once('error', () => resolve([]));
    child.once('exit', () => resolve([]));
  });
}

/** NVIDIA's own tool says the names and memory; where it is missing there are none to speak of. */
function listCards(): Promise<readonly Card[]> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'], { timeout: 5000 }, (error, output) => {
      if (error) return resolve([]);
      resolve(output.trim().split('\n').map((line) => ({ name: line.slice(0, line.lastIndexOf(',')).trim(), memoryBytes: Number(line.slice(line.lastIndexOf(',') + 1)) * 1024 * 1024 })));
    });
  });
}
