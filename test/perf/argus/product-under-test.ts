import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Camera, Page, Pipeline, SystemStatus } from '@argus/contracts';
import { startProduct, waitFor, type Product } from '@argus/testing';
import { cpuByProcess, familyCpuSeconds } from '../measure/process-family.ts';
import { countsBetween } from './counts.ts';
import { coresBetween, type ArgusWindow } from './engine-under-test.ts';
import type { Subject } from './subject.ts';

/** The built product as a user starts it, driven over its API; nobody watches its dashboard. */
export class ProductUnderTest implements Subject {
  readonly #product: Product;
  readonly #roots: readonly number[];
  #cameras: Camera[] = [];

  private constructor(product: Product, roots: readonly number[]) {
    this.#product = product;
    this.#roots = roots;
  }

  static async start(pipeline: Pipeline): Promise<ProductUnderTest> {
    const product = await startProduct();
    try {
      const { items } = await product.api<Page<Pipeline>>('GET', '/pipelines');
      const known = items.find(({ isDefault }) => isDefault) ?? items[0];
      const { id: _id, isDefault: _isDefault, createdAt: _createdAt, updatedAt: _updatedAt, ...settings } = pipeline;
      await product.api('PUT', `/pipelines/${known?.id}`, { ...settings, name: known?.name });
      const services = (await product.processes()).map(({ pid }) => pid ?? 0);
      const supervisor = parentOf(await product.pidOf('gateway'));
      return new ProductUnderTest(product, [supervisor, ...services]);
    } catch (error) {
      await product.stop();
      throw error;
    }
  }

  async serve(urls: readonly string[]): Promise<void> {
    for (const { id } of this.#cameras) await this.#product.api('DELETE', `/cameras/${id}`);
    this.#cameras = [];
    for (const [index, url] of urls.entries()) this.#cameras.push(await this.#product.api<Camera>('POST', '/cameras', { name: `Camera ${index + 1}`, url, labels: ['person'] }));
    const wanted = this.#cameras.map(({ id }) => id);
    await waitFor(async () => {
      const { cameras } = await this.#status();
      return wanted.every((id) => (cameras.find(({ state }) => state.cameraId === id)?.stats?.analysed ?? 0) > 0);
    }, 60_000, () => `not every one of ${urls.length} cameras was analysed`);
  }

  async measure(seconds: number): Promise<ArgusWindow> {
    const before = await this.#snapshot();
    // The next counters come whole seconds later: look shortly before, so that few questions are part of what is measured.
    await sleep(seconds * 1000 - 120);
    const after = await this.#snapshot();
    const spent = (after.atMs - before.atMs) / 1000;
    return { ...countsBetween(before, after), seconds: spent, cpu: after.cpu - before.cpu, cpuByProcess: coresBetween(before, after) };
  }

  async stop(): Promise<void> {
    await this.#product.stop();
  }

  /** Taken in the moment in which new counters are there. */
  async #snapshot() {
    const first = await this.#status();
    const fresh = await waitFor(async () => {
      await sleep(0);
      const status = await this.#status();
      return JSON.stringify(status.cameras) !== JSON.stringify(first.cameras) && status;
    }, 20_000, () => 'the product’s counters stand still');
    const cameras = fresh.cameras.map(({ stats }) => stats).filter((stats) => stats !== null);
    return { cameras, runs: fresh.compute.runs, atMs: performance.now(), cpu: familyCpuSeconds(...this.#roots), processes: cpuByProcess(...this.#roots) };
  }

  #status(): Promise<SystemStatus> {
    return this.#product.api<SystemStatus>('GET', '/system');
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
