import { DEMO_CLIP, type RtspCameras, type RtspFault, startRtspCameras, waitFor } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { familyOf, memoryOf, type Role, ROLES } from './process-family.js';
import { isEngineBuilt, median, seconds, WatchedEngine } from './watched-engine.js';

/**
 * Real: the built engine, RTSP over TCP, decoders opened and closed for every connection, memory as the kernel counts it (PSS of the
 * engine, its ingest children and model processes). The gateway's end of the link is a stand-in. Memory is compared by medians over the
 * first and the last quarter after a warm-up, so that single garbage collections do not decide.
 */
const CYCLES = Number(process.env['ARGUS_CHURN_CYCLES'] ?? 1500);
const DEAD_MINUTES = Number(process.env['ARGUS_DEAD_MINUTES'] ?? 1);
/** A busy machine makes some four connections a second. */
const CYCLES_TIMEOUT_MS = 10 * 60_000 + CYCLES * 250;
/** A longer run has a longer warm-up: heaps and pools find their size in the first thousand connections. */
const WARM_UP = 0.4;
const MOST_DRIFT = 0.02;
/** The short everyday run ends while heaps still grow into their shape: it finds a leak of 2 % in a thousand cycles, no less. */
const SHORT_RUN_DRIFT = 0.05;

const STEADY = ['steady-0', 'steady-1', 'steady-2', 'steady-3'] as const;
const FLEETING = Array.from({ length: 32 }, (_unused, index) => `fleeting-${index}`);
/** Cameras that accept and hang up: at once, or after a picture was decoded. */
const FLEETING_FAULTS: readonly RtspFault[] = ['hang-up', 'refuse'];
const RECONFIGURE_SECONDS = 4;

interface Sample {
  /** Cycles or seconds so far. */
  readonly at: number;
  readonly bytes: Readonly<Record<Role, number>>;
}

describe.skipIf(!isEngineBuilt)('memory of the engine', () => {
  const servers: RtspCameras[] = [];
  /** What was said of children that were lost: a crash frees memory too, and must not pass for a level. */
  const losses = new Set<string>();
  let engine: WatchedEngine;

  afterEach(async () => {
    await engine?.stop();
    for (const server of servers.splice(0)) await server.kill();
    losses.clear();
  });

  it(`stays where it is over ${CYCLES} connections that end`, async () => {
    const server = await serve([...STEADY.map((path) => ({ path })), ...FLEETING.map((path, index) => ({ path, fault: FLEETING_FAULTS[index % FLEETING_FAULTS.length] as RtspFault }))]);
    engine = await WatchedEngine.start(Object.fromEntries([...STEADY, ...FLEETING].map((path) => [path, server.url(path)])), { analysisFps: 0.5 });
    await engine.untilOnline(STEADY);
    const cyclesSoFar = async () => Object.entries(await server.counts()).reduce((sum, [path, { connections }]) => (path.startsWith('fleeting') ? sum + connections : sum), 0);
    const samples: Sample[] = [];
    for (let second = 0, cycles = 0; cycles < CYCLES; second += 1) {
      await seconds(1);
      cycles = await cyclesSoFar();
      samples.push({ at: cycles, bytes: memoryOf(engine.pid) });
      look();
      // An address that changes begins a source anew: its wait between two connections is short again.
      if (second % RECONFIGURE_SECONDS === 0) engine.readdress(FLEETING, (path) => `${server.url(path)}/${second}`);
    }
    expectLevel(samples, CYCLES, 'connections', CYCLES < 10_000 ? SHORT_RUN_DRIFT : MOST_DRIFT);
    expect([...losses]).toEqual([]);
    expect(STEADY.map((path) => engine.stats()[path]?.reconnects)).toEqual(STEADY.map(() => 0));
    expect(familyOf(engine.pid).every(({ state }) => state !== 'Z')).toBe(true);
  }, CYCLES_TIMEOUT_MS);

  it(`stays where it is for ${DEAD_MINUTES} minutes with half the cameras dead`, async () => {
    const dead: readonly RtspFault[] = ['power-cut', 'stall', 'refuse', 'garbage'];
    const mixed = await serve([...STEADY.map((path) => ({ path })), ...dead.map((fault) => ({ path: fault, fault }))]);
    const gone = await serve(STEADY.map((path) => ({ path })));
    const urls = [...[...STEADY, ...dead].map((path) => [path, mixed.url(path)]), ...STEADY.slice(0, 2).map((path) => [`gone-${path}`, gone.url(path)]), ...STEADY.slice(2).map((path) => [`more-${path}`, mixed.url(path)])];
    // Nobody listens there any more.
    await gone.kill();
    engine = await WatchedEngine.start(Object.fromEntries(urls), { analysisFps: 0.5 });
    const alive = [...engine.cameras.keys()].filter((path) => path.includes('steady') && !path.startsWith('gone'));
    expect(alive).toHaveLength(engine.cameras.size / 2);
    await engine.untilOnline(alive);
    const span = DEAD_MINUTES * 60;
    const samples: Sample[] = [];
    const startedAt = performance.now();
    for (let at = 0; at < span; at = (performance.now() - startedAt) / 1000) {
      await seconds(1);
      samples.push({ at, bytes: memoryOf(engine.pid) });
      look();
    }
    expectLevel(samples, span, 'seconds', DEAD_MINUTES < 60 ? SHORT_RUN_DRIFT : MOST_DRIFT);
    expect([...losses]).toEqual([]);
    expect(alive.map((path) => engine.state(path))).toEqual(alive.map(() => 'online'));
    expect(alive.map((path) => engine.stats()[path]?.reconnects)).toEqual(alive.map(() => 0));
    // Steadily without a picture, whatever it is that a camera does.
    await waitFor(() => [...engine.cameras.keys()].filter((path) => !alive.includes(path)).every((path) => engine.state(path) !== 'online'), 15_000, () => 'a dead camera is shown as online');
  }, (DEAD_MINUTES + 10) * 60_000);

  function look(): void {
    for (const path of engine.cameras.keys()) for (const { reason, lastError } of engine.history(path)) if (reason === 'decoder-crashed') losses.add(`${path}: ${lastError}`);
    engine.forget();
  }

  async function serve(cameras: readonly { path: string; fault?: RtspFault }[]): Promise<RtspCameras> {
    const server = await startRtspCameras({ clip: DEMO_CLIP, cameras });
    servers.push(server);
    return server;
  }
});

function expectLevel(samples: readonly Sample[], until: number, unit: string, most: number): void {
  const quarter = ((1 - WARM_UP) * until) / 4;
  const within = (from: number, to: number) => samples.filter(({ at }) => at >= from && at <= to).map(({ bytes }) => bytes);
  const total = (all: readonly Sample['bytes'][]) => median(all.map((bytes) => ROLES.reduce((sum, role) => sum + bytes[role], 0)));
  const [first, last] = [total(within(WARM_UP * until, WARM_UP * until + quarter)), total(within(until - quarter, Infinity))];
  const drift = last / first - 1;
  const tenths = Array.from({ length: 10 }, (_unused, tenth) => within((tenth / 10) * until, ((tenth + 1) / 10) * until));
  const course = ROLES.map((role) => `${role} ${tenths.map((all) => Math.round(median(all.map((bytes) => bytes[role])) / 1e6)).join(' ')}`);
  console.info(`memory over ${Math.round(until)} ${unit}: ${Math.round(first / 1e6)} -> ${Math.round(last / 1e6)} MB (${(drift * 100).toFixed(1)} %); MB by tenths: ${course.join('; ')}`);
  expect(drift).toBeLessThan(most);
}
