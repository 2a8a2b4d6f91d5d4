import { TuningProfile, type ComputeDevice, type ModelId, type ModelManifest, type TuneReport, type TuneResult } from '@argus/contracts';
import { isoTime, messageOf, silentLogger, type Clock } from '@argus/kernel';
import { readModelPackage } from '@argus/models';
import { ModelUnavailableError, SettingsError } from '../errors.js';
import { ModelRegistry } from '../models/model-registry.js';
import { placeModel, type Assignment } from '../models/placement.js';
import { LaneBench } from './lane-bench.js';
import type { TuneOptions } from './options.js';
import { PictureSlots } from './picture-slots.js';
import { searchTuning, type TuneStep } from './search-tuning.js';
import { SessionShelf } from './session-shelf.js';
import { TuneBudget } from './tune-budget.js';

/** A model on a device, and how it would run there if nobody said anything. */
export interface TuneJob {
  readonly manifest: ModelManifest;
  readonly path: string;
  readonly device: ComputeDevice;
  readonly defaults: Assignment;
}

export interface TuneMachine {
  readonly cores: number;
  readonly probe: () => Promise<readonly ComputeDevice[]>;
  /** Share of the machine that others use, 0..1. */
  readonly load: () => Promise<number>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onJob: (job: TuneJob, number: number, of: number) => void;
  /** `etaMs`: until everything is measured. */
  readonly onStep: (job: TuneJob, step: TuneStep, etaMs: number) => void;
  readonly onLoad: (busy: number) => void;
}

/** Part of the free memory that sessions may take. */
const MEMORY_SHARE = 0.8;
/** Opening sessions may still end after time is over. */
const GRACE_MS = 2000;

/** Measures every wanted model on every wanted device, each with its share of the time. Throws SettingsError for a model or device that is not there. */
export async function tuneMachine(options: TuneOptions, machine: TuneMachine): Promise<TuneReport> {
  const { clock, cores, signal } = machine;
  const startMs = clock.monotonicMs();
  const jobs = await jobsOf(options, machine);
  const busyBefore = await machine.load();
  machine.onLoad(busyBefore);
  const results: TuneResult[] = [];
  const problems: TuneReport['problems'] = [];
  for (const [index, job] of jobs.entries()) {
    if (signal.aborted) break;
    machine.onJob(job, index + 1, jobs.length);
    const nowMs = clock.monotonicMs();
    const shareMs = (startMs + options.minutes * 60_000 - nowMs) / (jobs.length - index);
    try {
      results.push(await tuneOne(job, index, { options, machine, endMs: nowMs + shareMs, othersMs: shareMs * (jobs.length - index - 1) }));
    } catch (error) {
      if (!(error instanceof ModelUnavailableError)) throw error;
      problems.push({ model: job.manifest.id, device: job.device.id, message: messageOf(error) });
    }
  }
  return { version: 1, at: isoTime(clock.nowMs()), cores, busyBefore, targetMs: options.targetMs, seconds: (clock.monotonicMs() - startMs) / 1000, stopped: signal.aborted, results, problems };
}

async function jobsOf({ models, devices, modelDirs, detectorReplicas }: TuneOptions, { probe }: TuneMachine): Promise<TuneJob[]> {
  const registry = new ModelRegistry(modelDirs, silentLogger);
  await registry.scan();
  const shipped = registry.summaries.filter(({ builtIn, state }) => builtIn && state !== 'refused').map(({ id }) => id);
  const wanted = models.length > 0 ? [...new Set(models)] : shipped;
  if (wanted.length === 0) throw new SettingsError('there is no model package in ARGUS_MODELS_DIRS');
  const known = wanted.map((id) => requireModel(registry, id));
  const there = await probe();
  return known.flatMap(({ manifest, path }) => {
    const placed = placeModel(manifest, there, TuningProfile.parse({}), { detectorReplicas });
    const chosen = devices.length === 0 ? there.filter(({ id }) => placed.some(({ device }) => device === id)) : devicesNamed(devices, there);
    return chosen.map((device) => ({ manifest, path, device, defaults: placeModel(manifest, [device], TuningProfile.parse({}), { detectorReplicas })[0] as Assignment }));
  });
}

function requireModel(registry: ModelRegistry, id: string): { readonly manifest: ModelManifest; readonly path: string } {
  const found = registry.find(id);
  if (!found) throw new SettingsError(`there is no model package "${id}"; known: ${registry.summaries.map((one) => one.id).join(', ') || 'none'}`);
  if (!found.manifest) throw new SettingsError(`${id}: ${found.summary.problem}`);
  return { manifest: found.manifest, path: found.path };
}

function devicesNamed(names: readonly string[], there: readonly ComputeDevice[]): ComputeDevice[] {
  const usable = there.filter(({ health }) => health === 'ok');
  if (names.includes('all')) return usable;
  return [...new Set(names)].map((name) => {
    const device = usable.find(({ id }) => id === name);
    if (device) return device;
    const problem = there.find(({ id }) => id === name)?.problem ?? 'this machine has none of that name';
    throw new SettingsError(`--device ${name}: ${problem}; usable: ${usable.map(({ id }) => id).join(', ')}`);
  });
}

interface JobTime {
  readonly options: TuneOptions;
  readonly machine: TuneMachine;
  readonly endMs: number;
  readonly othersMs: number;
}

async function tuneOne(job: TuneJob, serial: number, { options: { targetMs }, machine, endMs, othersMs }: JobTime): Promise<TuneResult> {
  const { manifest, path, device, defaults } = job;
  const { clock, cores } = machine;
  const budget = new TuneBudget({ nowMs: () => clock.monotonicMs(), endMs, signal: machine.signal });
  const signal = AbortSignal.any([machine.signal, AbortSignal.timeout(Math.round(budget.leftMs + GRACE_MS))]);
  const shelf = new SessionShelf(path);
  const pictures = new PictureSlots(await readModelPackage(path), serial);
  const bench = new LaneBench({ manifest, device: defaults, shelf, pictures, clock, signal });
  try {
    const { replicas, threads, batch, waitMs } = defaults;
    // One session shows what one takes.
    await bench.saturate({ replicas: 1, threads, batch: 1, waitMs: 0 }, 0);
    const mostReplicas = Math.max(1, Math.floor((process.availableMemory() * MEMORY_SHARE) / shelf.sessionBytes));
    const found = await searchTuning(bench, { defaults: { replicas, threads, batch, waitMs }, space: { kind: device.kind, cores, mostReplicas }, targetMs, budget, onStep: (step) => machine.onStep(job, step, budget.etaMs + othersMs) });
    return { model: manifest.id as ModelId, version: manifest.version, device: device.id, ...found, at: isoTime(clock.nowMs()) };
  } finally {
    await bench.close();
    await shelf.close();
    pictures.close();
  }
}
