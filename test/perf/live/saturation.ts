import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Camera, Pipeline } from '@argus/contracts';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { startCameras } from '../argus/cameras.ts';
import { EngineUnderTest, type ArgusWindow } from '../argus/engine-under-test.ts';
import { crowdClip, stillClip, streetClip } from '../measure/clips.ts';
import { machineBusy } from '../measure/machine-load.ts';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { jainIndex, median } from '../measure/statistics.ts';
import { GROUP_PICTURES, SCALED } from '../raw/detector-work.ts';
import { measureRaw } from '../raw/raw-side.ts';

const CAMERAS = 16;
/** Twice what pipelines ask for by default: more than two cores can do whatever else costs nothing. */
const FPS = 10;

/** More cameras than the machine can serve: how much inference is left, who gets it, and what a busy neighbour changes. */
export async function saturation({ quick }: { readonly quick: boolean }): Promise<Report> {
  const pace = quick ? { rounds: 2, seconds: 10, warmUpSeconds: 8 } : { rounds: 5, seconds: 20, warmUpSeconds: 12 };
  const rounds = await throughput(pace);
  const neighbours = await busyNeighbour(pace);
  const share = median(rounds.map(({ argusPerSecond, rawPerSecond }) => argusPerSecond / rawPerSecond));
  const jain = median(rounds.map((round) => round.jain));
  const change = median(neighbours.map(({ quietMsP95, busyMsP95 }) => busyMsP95 / quietMsP95)) - 1;
  const motion = median(neighbours.map((pair) => pair.motion));
  return {
    benchmark: 'saturation',
    targets: [
      atLeast('inference of raw ONNX Runtime’s left after decode', share, 0.95),
      atLeast('Jain fairness at equal weight', jain, 0.99),
      atMost(`change of the others’ p95 by a neighbour with ${motion.toFixed(0)} times the motion`, change, 0.1),
    ],
    tables: [
      {
        title: `Saturation: ${CAMERAS} cameras 720p25 that want ${FPS} pictures a second each`,
        head: ['round', 'Argus runs/s', 'raw runs/s', 'share', 'of own time', 'Jain', 'machine busy', 'decoded of received', 'p95 ms', 'dropped'],
        rows: rounds.map((r, index) => [String(index + 1), r.argusPerSecond, r.rawPerSecond, r.argusPerSecond / r.rawPerSecond, r.ofOwnTime, r.jain, r.busy, r.decodeShare, r.latencyMsP95, JSON.stringify(r.dropped)]),
      },
      {
        title: 'A neighbour that nothing moves at, then one with a crowd: tracks of the others, p95 in milliseconds, and their rate',
        head: ['round', 'quiet p95', 'busy p95', 'quiet fps', 'busy fps', 'neighbour’s pictures'],
        rows: neighbours.map((r, index) => [String(index + 1), r.quietMsP95, r.busyMsP95, r.quietFps, r.busyFps, r.motion]),
      },
    ],
    notes: ['raw: the same pictures decoded by the FFmpeg libraries while ONNX Runtime runs in one process a core as fast as it can; its runs are what it would do with all the processor time that is left; of own time: the same against the time that Argus got, which holds on a shared machine too'],
    figures: { share, jain, change, motion, rounds, neighbours },
  };
}

interface Pace {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

async function throughput(pace: Pace) {
  const rtsp = await startCameras(CAMERAS, await streetClip());
  const cameras = rtsp.paths.map((path) => cameraOf({ name: path, url: rtsp.url(path) }));
  const pipeline = pipelineOf({ analysisFps: FPS, routes: [] });
  const engine = await EngineUnderTest.start(configOf([], [], [pipeline]));
  try {
    const rounds = [];
    for (let round = 0; round < pace.rounds; round += 1) {
      const { argus, busy } = await served(engine, cameras, [pipeline], pace);
      engine.configure(configOf([], [], [pipeline]));
      await sleep(1000);
      const [detector] = argus.models;
      const raw = await measureRaw(
        {
          decode: { urls: rtsp.paths.map((path) => rtsp.url(path)), ...SCALED, decodeShare: argus.decoded / argus.received, scaleShare: argus.offered / argus.decoded, groupPictures: GROUP_PICTURES },
          decodeProcesses: availableParallelism(),
          inference: [{ model: detector?.model ?? '', perSecond: 1000 * availableParallelism(), processes: availableParallelism() }],
        },
        'library', pace,
      );
      const inference = raw.inference[0] ?? { cpu: 0, runs: 0 };
      // Both sides compete for the same time: what decoding did too little or too much is charged at its own price.
      const perPicture = raw.decodeCpu / raw.decoded;
      const left = (raw.decodeCpu + inference.cpu) / raw.seconds - perPicture * (argus.decoded / argus.seconds);
      rounds.push({
        argusPerSecond: (detector?.pictures ?? 0) / argus.seconds,
        rawPerSecond: left / (inference.cpu / inference.runs),
        // The same question asked of the time that Argus itself had, whoever else used the machine.
        ofOwnTime: ((detector?.pictures ?? 0) * (inference.cpu / inference.runs)) / (argus.cpu - perPicture * argus.decoded),
        jain: jainIndex(argus.cameras.map(({ analysed }) => analysed)),
        busy, decodeShare: argus.decoded / argus.received, latencyMsP95: p95Of(argus), dropped: argus.dropped, processes: argus.cpuByProcess,
      });
      process.stderr.write(`saturation: round ${round + 1} of ${pace.rounds}\n`);
    }
    return rounds;
  } finally {
    await engine.stop();
    await rtsp.kill();
  }
}

/** The same cameras twice a round: once with a neighbour that films a still scene, once with one that films a crowd. */
async function busyNeighbour(pace: Pace) {
  const [others, still, crowd] = [await startCameras(CAMERAS - 1, await streetClip()), await startCameras(1, await stillClip(), 'still'), await startCameras(1, await crowdClip(), 'crowd')];
  const cameras = others.paths.map((path) => cameraOf({ name: path, url: others.url(path) }));
  const neighbour = { quiet: cameraOf({ name: 'neighbour', url: still.url('still-1') }), busy: cameraOf({ name: 'neighbour', url: crowd.url('crowd-1') }) };
  const pipeline = pipelineOf({ analysisFps: FPS });
  const engine = await EngineUnderTest.start(configOf([], [], [pipeline]));
  try {
    const rounds = [];
    for (let round = 0; round < pace.rounds; round += 1) {
      const quiet = (await served(engine, [...cameras, neighbour.quiet], [pipeline], pace)).argus;
      const busy = (await served(engine, [...cameras, neighbour.busy], [pipeline], pace)).argus;
      const rate = ({ cameras: all, seconds }: ArgusWindow, id: Camera['id']): number => (all.find((camera) => camera.id === id)?.analysed ?? 0) / seconds;
      const othersRate = (window: ArgusWindow): number => median(cameras.map(({ id }) => rate(window, id)));
      rounds.push({
        quietMsP95: p95Of(quiet, neighbour.quiet.id), busyMsP95: p95Of(busy, neighbour.busy.id), quietFps: othersRate(quiet), busyFps: othersRate(busy),
        motion: rate(busy, neighbour.busy.id) / Math.max(0.1, rate(quiet, neighbour.quiet.id)),
      });
      process.stderr.write(`busy neighbour: round ${round + 1} of ${pace.rounds}\n`);
    }
    return rounds;
  } finally {
    await engine.stop();
    await Promise.all([others.kill(), still.kill(), crowd.kill()]);
  }
}

async function served(engine: EngineUnderTest, cameras: readonly Camera[], pipelines: readonly Pipeline[], pace: Pace): Promise<{ argus: ArgusWindow; busy: number }> {
  engine.configure(configOf(cameras, [], pipelines));
  await engine.ready(cameras.map(({ id }) => id));
  await sleep(pace.warmUpSeconds * 1000);
  const [busy, argus] = await Promise.all([machineBusy(pace.seconds), engine.measure(pace.seconds)]);
  return { argus, busy };
}

const p95Of = ({ cameras }: ArgusWindow, except?: Camera['id']): number => median(cameras.filter(({ id }) => id !== except).map(({ latencyMsP95 }) => latencyMsP95 ?? Number.NaN));
