import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { APART_SECONDS, startCameras } from '../argus/cameras.ts';
import { EngineUnderTest } from '../argus/engine-under-test.ts';
import { ageMs } from '../argus/film-clock.ts';
import { Latency } from '../argus/latency.ts';
import { quietClip, streetClip } from '../measure/clips.ts';
import { familyCpuSeconds } from '../measure/process-family.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median, percentile, sum } from '../measure/statistics.ts';
import { installPeer, PEERS, startPeer, type Peer } from '../peers/peer.ts';

const CAMERAS = 4;
const FPS = 5;
const CLIP_FPS = 25;
const MODEL = fileURLToPath(new URL('../../../libs/models/packages/nanodet-g-416/model.onnx', import.meta.url));
const ULTRALYTICS =
  'Ultralytics’ multi-stream source: skipped: it needs PyTorch, which the Python index has for Linux with 2.9 GB of CUDA libraries only, and it cannot read NanoDet’s outputs; its licence (AGPL-3.0) forbids to build on it';

interface Scene {
  readonly title: string;
  readonly clip: string;
  /** Argus's motion gate: what does not move is not inferred again, and in still scenes only key frames are decoded. */
  readonly gate: boolean;
}

interface Look {
  /** Pictures due at the analysis rate that were judged: analysed, or found to be as the one before. */
  readonly pictures: number;
  readonly analysed: number;
  readonly cpu: number;
  readonly ages: readonly number[];
}

type Rtsp = Awaited<ReturnType<typeof startCameras>>;
type Pace = { readonly rounds: number; readonly seconds: number; readonly warmUpSeconds: number };

/** Others' ways to do the same with the same model on the same streams, in turns with Argus. */
export async function peers({ quick }: { readonly quick: boolean }): Promise<Report> {
  const pace = quick ? { rounds: 2, seconds: 10, warmUpSeconds: 8 } : { rounds: 5, seconds: 20, warmUpSeconds: 10 };
  const notes = [ULTRALYTICS];
  const present: { readonly peer: Peer; readonly programs: string }[] = [];
  for (const peer of PEERS) {
    try {
      present.push({ peer, programs: await installPeer(peer) });
    } catch (error) {
      notes.push(`${peer.name}: skipped: ${String(error).split('\n')[0]?.slice(0, 200)}`);
    }
  }
  const scenes: Scene[] = [
    { title: 'a street where always something moves, every picture analysed', clip: await streetClip(), gate: false },
    { title: 'an empty street, a person in 5 of 40 s, each side as it comes', clip: await quietClip(), gate: true },
  ];
  const results: { readonly scene: Scene; readonly rows: Awaited<ReturnType<typeof compare>> }[] = [];
  for (const scene of scenes) results.push({ scene, rows: await compare(scene, present, pace) });
  const over = ({ rows: [argus, ...others] }: (typeof results)[number]): number | null => (argus && others.length > 0 ? argus.perCpuSecond / Math.max(...others.map(({ perCpuSecond }) => perCpuSecond)) : null);
  return {
    benchmark: 'peers',
    targets: results.map((result) => atLeast(`pictures per CPU second over the best peer’s: ${result.scene.title}`, over(result), 2, ' x')),
    tables: results.map(({ scene, rows }) => ({
      title: `Peers: ${scene.title}; ${CAMERAS} cameras 720p25, ${FPS} pictures a second each, NanoDet-g (medians of ${pace.rounds} rounds of ${pace.seconds} s, in turns)`,
      head: ['who', 'pictures/CPU s', 'pictures/s', 'of them inferred', 'cores', 'p50 ms', 'p95 ms'],
      rows: rows.map((row) => [row.name, row.perCpuSecond, row.perSecond, row.inferred, row.cores, row.p50, row.p95]),
    })),
    notes: [...notes, ...PEERS.filter(({ remark }) => remark !== null).map(({ name, remark }) => `${name}: ${remark}`), 'milliseconds: from filming to the result; Roboflow: from its own reading of the picture'],
    figures: { results: results.map(({ scene: { title }, rows }) => ({ title, rows })), notes },
  };
}

async function compare(scene: Scene, present: readonly { readonly peer: Peer; readonly programs: string }[], pace: Pace) {
  const looks = new Map<string, Look[]>();
  const keep = (name: string, look: Look) => looks.set(name, [...(looks.get(name) ?? []), look]);
  const rtsp = await startCameras(CAMERAS, scene.clip);
  try {
    for (let round = 0; round < pace.rounds; round += 1) {
      keep('Argus', await lookAtArgus(rtsp, scene, pace));
      for (const { peer, programs } of present) keep(peer.name, await lookAtPeer(peer, programs, rtsp, pace));
      process.stderr.write(`peers: ${scene.title}: round ${round + 1} of ${pace.rounds}\n`);
    }
  } finally {
    await rtsp.kill();
  }
  return [...looks].map(([name, list]) => {
    const ages = list.flatMap((look) => look.ages);
    return {
      name,
      perCpuSecond: median(list.map(({ pictures, cpu }) => pictures / cpu)),
      perSecond: median(list.map(({ pictures }) => pictures)) / pace.seconds,
      inferred: median(list.map(({ pictures, analysed }) => analysed / pictures)),
      cores: median(list.map(({ cpu }) => cpu)) / pace.seconds,
      p50: ages.length === 0 ? null : percentile(ages, 0.5),
      p95: ages.length === 0 ? null : percentile(ages, 0.95),
    };
  });
}

/** Argus tracks and judges motion as well, which the others do not. */
async function lookAtArgus(rtsp: Rtsp, scene: Scene, pace: Pace): Promise<Look> {
  const cameras = rtsp.paths.map((path) => cameraOf({ name: path, url: rtsp.url(path), labels: null }));
  const pipeline = pipelineOf({ analysisFps: FPS, routes: [] });
  const engine = await EngineUnderTest.start(configOf(cameras, [], [{ ...pipeline, gate: { ...pipeline.gate, enabled: scene.gate } }]));
  try {
    await engine.ready(cameras.map(({ id }) => id));
    await sleep(pace.warmUpSeconds * 1000);
    const { analysed, received, cpu } = await engine.measure(pace.seconds);
    // Watched only afterwards: copies of packets for viewers are no part of what is compared.
    const latency = new Latency(engine, 'overlays', rtsp.bornAtMs, cameras.map((camera, index) => ({ camera, startSeconds: index * APART_SECONDS })));
    engine.fixture.gateway.send({ type: 'watch', cameraIds: cameras.map(({ id }) => id) });
    await sleep(1000);
    latency.listen(true);
    await sleep((pace.seconds * 1000) / 2);
    latency.listen(false);
    return { pictures: scene.gate ? received / (CLIP_FPS / FPS) : analysed, analysed, cpu, ages: [...latency.values] };
  } finally {
    await engine.stop();
  }
}

async function lookAtPeer(peer: Peer, programs: string, rtsp: Rtsp, pace: Pace): Promise<Look> {
  let pictures = 0;
  const ages: number[] = [];
  const job = { urls: rtsp.paths.map((path) => rtsp.url(path)), fps: FPS, stride: CLIP_FPS / FPS, model: MODEL };
  const children = startPeer(peer, job, programs, ({ mediaMs, takenMs }, command) => {
    pictures += 1;
    if (mediaMs !== undefined) ages.push(ageMs(Date.now(), rtsp.bornAtMs, command * APART_SECONDS, mediaMs));
    if (takenMs !== undefined) ages.push(Date.now() - takenMs);
  });
  const cpu = (): number => sum(children.map(({ pid }) => familyCpuSeconds(pid ?? 0)));
  try {
    for (let waited = 0; pictures === 0 && waited < 60; waited += 1) await sleep(1000);
    if (pictures === 0) throw new Error(`${peer.name} analysed nothing within a minute`);
    await sleep(pace.warmUpSeconds * 1000);
    const before = { pictures, cpu: cpu(), ages: ages.length };
    await sleep(pace.seconds * 1000);
    return { pictures: pictures - before.pictures, analysed: pictures - before.pictures, cpu: cpu() - before.cpu, ages: ages.slice(before.ages) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}
