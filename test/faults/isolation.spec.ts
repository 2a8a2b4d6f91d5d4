import { DEMO_CLIP, type RtspCameras, startRtspCameras, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { familyOf, ingestChildren, modelProcesses, type Relative } from './process-family.js';
import { crowding, isEngineBuilt, patience, rateRatio, type Reading, seconds, WatchedEngine } from './watched-engine.js';

/**
 * Real: the built engine with two ingest children and two model processes, eight RTSP cameras with the demo clip, and real signals.
 * SIGSEGV stands for a native fault, SIGSTOP for native code that does not return. The gateway's end of the link is a stand-in.
 * Times are promised for a machine that is not crowded; on a crowded one they are as much longer as processes share a core.
 */
const PATHS = Array.from({ length: 8 }, (_unused, index) => `camera-${index}`);
const BACK_MS = 3000;
/** A child beats once a second; five seconds of silence are a wedge, looked at once a second. */
const INGEST_WATCHDOG_MS = 5000 + 1000;
const WINDOW_SECONDS = 10;

describe.skipIf(!isEngineBuilt)('a fault of one process', () => {
  let server: RtspCameras;
  let engine: WatchedEngine;
  let enginePid: number;

  beforeAll(async () => {
    server = await startRtspCameras({ clip: DEMO_CLIP, cameras: PATHS.map((path, index) => ({ path, startSeconds: index * 7 })) });
    engine = await WatchedEngine.start(Object.fromEntries(PATHS.map((path) => [path, server.url(path)])), { analysisFps: 1 }, { ARGUS_INGEST_CHILDREN: '2', ARGUS_MODEL_WORKERS: '2' });
    enginePid = engine.pid;
    await engine.untilOnline(PATHS);
    await waitFor(() => PATHS.every((path) => (engine.stats()[path]?.analysed ?? 0) > 0), 60_000, () => 'not all cameras were analysed');
    await engine.watchLive(PATHS);
  });

  afterAll(async () => {
    await engine?.stop();
    await server?.kill();
  });

  it.each([
    { signal: 'SIGSEGV', meaning: 'a native fault', noticedMs: 0 },
    { signal: 'SIGSTOP', meaning: 'a wedge', noticedMs: INGEST_WATCHDOG_MS },
  ] as const)('in an ingest child ($meaning) costs its own shard and nobody else', async ({ signal, noticedMs }) => {
    const children = ingestChildren(enginePid);
    expect(children).toHaveLength(2);
    const [victim, other] = children as [Relative, Relative];
    await quiet();
    const before = await engine.read(server);
    const struckAt = performance.now();
    process.kill(victim.pid, signal);
    await waitFor(() => lost().length > 0, (noticedMs + BACK_MS) * crowding(), () => `nobody noticed ${signal}`);
    await waitFor(() => lost().every((path) => engine.state(path) === 'online'), 30_000, () => `not all are back: ${lost().join()}`);
    const backMs = performance.now() - struckAt;
    const shard = lost();
    console.info(`${signal} to an ingest child: ${shard.length} of ${PATHS.length} cameras back after ${Math.round(backMs)} ms (crowding ${crowding().toFixed(1)})`);
    expect(backMs).toBeLessThan((noticedMs + BACK_MS) * crowding());
    expect(shard).toHaveLength(PATHS.length / 2);

    await seconds(Math.max(0, WINDOW_SECONDS * patience() - backMs / 1000));
    const after = await engine.read(server);
    for (const path of PATHS.filter((candidate) => !shard.includes(candidate))) {
      expect(engine.history(path).filter(({ state }) => state !== 'online'), path).toEqual([]);
      // Ten pictures a second: one more or less lies at each edge of the window.
      const ratio = rateRatio(before[path] as Reading, after[path] as Reading);
      expect(Math.abs(ratio - 1), `${path}: ${ratio} of what was sent`).toBeLessThan(0.01 + 2 / (WINDOW_SECONDS * 10));
    }
    const now = ingestChildren(enginePid).map(({ pid }) => pid);
    expect(now).toHaveLength(2);
    expect(now).toContain(other.pid);
    expect(now).not.toContain(victim.pid);
    expectSameEngine();
  });

  it.each([
    { signal: 'SIGSTOP', meaning: 'a wedged session' },
    { signal: 'SIGKILL', meaning: 'no memory left' },
    { signal: 'SIGSEGV', meaning: 'a native fault' },
  ] as const)('in a model process ($meaning) is mended within 3 s, and runs go on elsewhere', async ({ signal }) => {
    const before = modelProcesses(enginePid);
    expect(before.length, 'model sessions in processes of their own').toBeGreaterThanOrEqual(2);
    const children = ingestChildren(enginePid).map(({ pid }) => pid);
    const [victim] = before as [Relative];
    await quiet();
    const replacedBefore = replaced();
    const analysedBefore = analysed();
    const struckAt = performance.now();
    process.kill(victim.pid, signal);
    const isMended = () => {
      const now = modelProcesses(enginePid);
      return now.length >= before.length && now.every(({ pid }) => pid !== victim.pid);
    };
    // Eight pictures a second are wanted: what the struck process had is lost, the other one goes on before that is mended.
    const goesOn = waitFor(() => analysed() >= analysedBefore + 4, 2500 * crowding(), () => 'nothing was analysed any more');
    await waitFor(isMended, 30_000, () => `the model process ${victim.command} was not replaced: ${JSON.stringify(modelProcesses(enginePid))}`);
    const mendedMs = performance.now() - struckAt;
    console.info(`${signal} to a model process: replaced after ${Math.round(mendedMs)} ms (crowding ${crowding().toFixed(1)})`);
    expect(mendedMs).toBeLessThan(BACK_MS * crowding());
    expect(modelProcesses(enginePid).filter(({ pid }) => before.some((known) => known.pid === pid))).toHaveLength(before.length - 1);

    await goesOn;
    await waitFor(() => replaced() > replacedBefore, 5000, () => 'the replacement was not told');
    expect(lost()).toEqual([]);
    expect(PATHS.flatMap((path) => engine.history(path)).filter(({ state }) => state !== 'online')).toEqual([]);
    expect(ingestChildren(enginePid).map(({ pid }) => pid)).toEqual(children);
    expectSameEngine();
  });

  it('of the engine itself, held up for longer than its watchdogs wait, costs no child: what they sent meanwhile is read first', async () => {
    await quiet();
    const pids = () => [...ingestChildren(enginePid), ...modelProcesses(enginePid)].map(({ pid }) => pid).toSorted((a, b) => a - b);
    const before = pids();
    process.kill(enginePid, 'SIGSTOP');
    await seconds(INGEST_WATCHDOG_MS / 1000 + 2);
    process.kill(enginePid, 'SIGCONT');
    const analysedBefore = analysed();
    await waitFor(() => analysed() > analysedBefore + 4, 10_000 * crowding(), () => 'analysis did not go on');
    expect(pids()).toEqual(before);
    expect(lost()).toEqual([]);
    expectSameEngine();
  });

  /** Everybody online, and what was before forgotten. */
  async function quiet(): Promise<void> {
    await engine.untilOnline(PATHS);
    await seconds(3);
    engine.forget();
  }

  const lost = () => PATHS.filter((path) => engine.history(path).some(({ reason }) => reason === 'decoder-crashed'));
  const analysed = () => Object.values(engine.stats()).reduce((sum, stats) => sum + stats.analysed, 0);
  const replaced = () => (engine.fixture.gateway.ofType('stats').at(-1)?.compute.runs ?? []).reduce((sum, run) => sum + run.replaced, 0);

  function expectSameEngine(): void {
    expect(engine.pid).toBe(enginePid);
    expect(familyOf(enginePid)[0]?.command).toContain('inference/dist/main.js');
    expect(engine.fixture.gateway.ofType('hello')).toEqual([]);
  }
});
