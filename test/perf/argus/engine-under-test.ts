import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraId, CameraStats, EngineConfig, EngineToGateway } from '@argus/contracts';
import { EngineFixture } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { cpuByProcess, familyCpuSeconds } from '../measure/process-family.ts';
import { countsBetween, type Counts, type Snapshot } from './counts.ts';

export type Stats = Extract<EngineToGateway, { type: 'stats' }>;

/** What Argus did in a stretch of time, as it counted itself, and what that cost. */
export interface ArgusWindow extends Counts {
  readonly seconds: number;
  readonly cpu: number;
  readonly cpuByProcess: readonly { readonly name: string; readonly cores: number }[];
}

/** The built engine as a process family of its own, with a stand-in for the gateway. */
export class EngineUnderTest {
  readonly fixture: EngineFixture;
  #revision = 1;

  private constructor(fixture: EngineFixture) {
    this.fixture = fixture;
  }

  static async start(config: EngineConfig): Promise<EngineUnderTest> {
    return new EngineUnderTest(await EngineFixture.start(config));
  }

  get pid(): number {
    return this.fixture.process?.pid ?? 0;
  }

  configure(config: EngineConfig): void {
    this.#revision += 1;
    this.fixture.gateway.configure({ ...config, revision: this.#revision });
  }

  /** The next message of counters. */
  async nextStats(): Promise<Stats> {
    const { gateway } = this.fixture;
    // The stand-in keeps all it heard; hours of counters are of no use here.
    gateway.messages.splice(0, gateway.messages.length, ...gateway.messages.filter(({ type }) => type !== 'stats'));
    for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 5) {
      const [stats] = gateway.ofType('stats');
      if (stats) return stats;
      await sleep(5);
    }
    throw new Error('the engine has not told its counters for 20 s');
  }

  /** Waits until all cameras are online and have been analysed. */
  async ready(ids: readonly CameraId[], withinSeconds = 60): Promise<void> {
    for (let second = 0; second < withinSeconds; second += 1) {
      const { cameras } = await this.nextStats();
      if (ids.every((id) => isServed(cameras.find(({ cameraId }) => cameraId === id)))) return;
    }
    throw new Error(`after ${withinSeconds} s not every one of ${ids.length} cameras was analysed`);
  }

  async measure(seconds: number): Promise<ArgusWindow> {
    const before = await this.#snapshot();
    await sleep(seconds * 1000 - 500);
    const after = await this.#snapshot();
    const spent = (after.atMs - before.atMs) / 1000;
    return { ...countsBetween(before, after), seconds: spent, cpu: after.cpu - before.cpu, cpuByProcess: coresBetween(before, after) };
  }

  async stop(): Promise<void> {
    await this.fixture.stop();
  }

  async #snapshot() {
    const { cameras, compute } = await this.nextStats();
    const snapshot: Snapshot = { cameras, runs: compute.runs };
    return { ...snapshot, atMs: performance.now(), cpu: familyCpuSeconds(this.pid), processes: cpuByProcess(this.pid) };
  }
}

interface Reading {
  readonly atMs: number;
  readonly processes: ReturnType<typeof cpuByProcess>;
}

/** Cores that each process took between two readings. */
export function coresBetween(before: Reading, after: Reading): ArgusWindow['cpuByProcess'] {
  const seconds = (after.atMs - before.atMs) / 1000;
  return [...after.processes].map(([pid, { name, seconds: total }]) => ({ name, cores: (total - (before.processes.get(pid)?.seconds ?? 0)) / seconds }));
}

const isServed = (stats: CameraStats | undefined): boolean => stats !== undefined && stats.analysed > 0;
