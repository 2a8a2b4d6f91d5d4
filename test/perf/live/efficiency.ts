import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { startCameras } from '../argus/cameras.ts';
import type { ArgusWindow } from '../argus/engine-under-test.ts';
import { startSubject, type SubjectKind } from '../argus/subject.ts';
import { streetClip } from '../measure/clips.ts';
import { ffmpegVersion } from '../measure/machine.ts';
import { atLeast, type Report, type Target } from '../measure/report.ts';
import { median, spread, sum } from '../measure/statistics.ts';
import { GROUP_PICTURES, SCALED } from '../raw/detector-work.ts';
import { measureRaw, type RawDecoder, type RawWindow, type RawWork } from '../raw/raw-side.ts';

const FPS = 5;
/** Runs a second that one raw process serves with some room. */
const RUNS_PER_PROCESS = 30;
const CAMERAS_PER_DECODER = 8;
const CLIP_FPS = 25;
/** A round in which less of what the cameras sent arrived, because others use the machine, says nothing. */
const LEAST_RECEIVED = 0.95;

interface Plan {
  readonly subject: SubjectKind;
  readonly cameras: number;
  readonly posture: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

interface Round {
  readonly argus: ArgusWindow;
  /** Cores that the same decoding and inference take without Argus, by who decodes. */
  readonly raw: Readonly<Partial<Record<RawDecoder, RawCores>>>;
}

interface RawCores {
  readonly decode: number;
  readonly inference: number;
  readonly millisecondsPerRun: Readonly<Record<string, number>>;
}

export async function efficiency({ quick, only }: { readonly quick: boolean; readonly only: readonly number[] }): Promise<Report> {
  const counts = only.length > 0 ? only : quick ? [1, 8] : [1, 8, 16, 32];
  const pace = quick ? { rounds: 2, seconds: 8, warmUpSeconds: 4 } : { rounds: 5, seconds: 15, warmUpSeconds: 6 };
  const plans: Plan[] = counts.map((cameras) => ({ subject: 'engine', cameras, posture: false, ...pace }));
  if (only.length === 0) plans.push({ subject: 'engine', cameras: 8, posture: true, ...pace }, { subject: 'product', cameras: 1, posture: false, ...pace }, { subject: 'product', cameras: 8, posture: false, ...pace });
  const results = [];
  for (const plan of plans) results.push(summarize(plan, await measure(plan)));
  return {
    benchmark: 'efficiency',
    targets: results.filter(({ subject }) => subject === 'engine').map((result): Target => atLeast(result.name, result.efficiency, 0.9)),
    tables: [
      {
        title: `Efficiency: cores of raw decode + scale + inference over Argus's cores for the same pictures (medians of ${pace.rounds} interleaved rounds of ${pace.seconds} s)`,
        head: ['subject', 'rounds', 'efficiency', 'spread', 'Argus', 'raw', 'decode lib', 'decode cmd', 'inference', 'decoded/s', 'analysed/s', 'second/s', 'run ms', 'overhead ms/analysed'],
        rows: results.map((r) => [r.name, `${r.rounds}/${r.rounds + r.refused}`, r.efficiency, r.spread, r.argusCores, r.rawCores, r.decodeLibrary, r.decodeCommand, r.inferenceCores, r.decodedPerSecond, r.analysedPerSecond, r.secondStagePerSecond, r.millisecondsPerRun, r.overheadMs]),
      },
      { title: "Where Argus's cores go (last round)", head: ['process', 'cores'], rows: results.flatMap((r) => r.processes.filter(({ cores }) => cores >= 0.002).map(({ name, cores }) => [`${r.name}: ${name}`, cores])) },
    ],
    notes: ['raw decode is the cheaper of the FFmpeg libraries in a loop and one ffmpeg command a camera; both scale the same number of pictures to the detector’s size', 'rounds: of so many those in which at least 95 % of what the cameras sent arrived; the others are left out'],
    figures: { results },
  };
}

async function measure(plan: Plan): Promise<Round[]> {
  const rtsp = await startCameras(plan.cameras, await streetClip());
  const urls = rtsp.paths.map((path) => rtsp.url(path));
  const pipeline = plan.posture ? pipelineOf({ analysisFps: FPS }) : pipelineOf({ analysisFps: FPS, routes: [] });
  const subject = await startSubject(plan.subject, pipeline);
  try {
    const rounds: Round[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      await subject.serve(urls);
      await sleep(plan.warmUpSeconds * 1000);
      const argus = await subject.measure(plan.seconds);
      await subject.serve([]);
      await sleep(1000);
      rounds.push({ argus, raw: await measureBoth(plan, argus, urls) });
      process.stderr.write(`${nameOf(plan)}: round ${round + 1} of ${plan.rounds}\n`);
    }
    return rounds;
  } finally {
    await subject.stop();
    await rtsp.kill();
  }
}

async function measureBoth(plan: Plan, argus: ArgusWindow, urls: readonly string[]): Promise<Round['raw']> {
  const decodeShare = argus.decoded / argus.received;
  const work: RawWork = {
    decode: { urls, ...SCALED, decodeShare, scaleShare: argus.offered / argus.decoded, groupPictures: GROUP_PICTURES },
    decodeProcesses: Math.min(availableParallelism(), Math.ceil(plan.cameras / CAMERAS_PER_DECODER)),
    inference: argus.models.filter(({ pictures }) => pictures > 0).map(({ model, pictures, replicas }) => {
      const perSecond = pictures / argus.seconds;
      return { model, perSecond, processes: Math.max(1, Math.min(replicas, Math.ceil(perSecond / RUNS_PER_PROCESS))) };
    }),
  };
  const library = coresFor(argus, await measureRaw(work, 'library', plan));
  // The command cannot leave pictures out as Argus does under load: then only the library does the same work.
  if (ffmpegVersion() === null || decodeShare < 0.98) return { library };
  return { library, command: coresFor(argus, await measureRaw(work, 'command', plan)) };
}

/** What the raw side costs for exactly the pictures that Argus decoded and inferred. */
function coresFor(argus: ArgusWindow, raw: RawWindow): RawCores {
  const rateOf = (count: number): number => count / argus.seconds;
  const inference = raw.inference.map(({ model, cpu, runs }) => (cpu / runs) * rateOf(argus.models.find((entry) => entry.model === model)?.pictures ?? 0));
  return { decode: (raw.decodeCpu / raw.decoded) * rateOf(argus.decoded), inference: sum(inference), millisecondsPerRun: Object.fromEntries(raw.inference.map(({ model, cpu, runs }) => [model, (cpu / runs) * 1000])) };
}

function summarize(plan: Plan, all: readonly Round[]) {
  const rounds = all.filter(({ argus }) => argus.received / argus.seconds >= LEAST_RECEIVED * CLIP_FPS * plan.cameras);
  const middle = (pick: (round: Round) => number | undefined): number | null => {
    const values = rounds.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? null : median(values);
  };
  const argusOf = ({ argus }: Round): number => argus.cpu / argus.seconds;
  const decodeLibrary = middle(({ raw }) => raw.library?.decode);
  const decodeCommand = middle(({ raw }) => raw.command?.decode);
  // The one who is cheaper on the whole, not the luckier one of each round.
  const cheaper: RawDecoder = decodeCommand !== null && decodeLibrary !== null && decodeCommand < decodeLibrary ? 'command' : 'library';
  const inferenceOf = ({ raw }: Round): number => median([raw.library, raw.command].filter((side) => side !== undefined).map((side) => side.inference));
  const rawOf = (round: Round): number => (round.raw[cheaper]?.decode ?? Number.NaN) + inferenceOf(round);
  const [rawCores, argusCores] = [median(rounds.map(rawOf)), median(rounds.map(argusOf))];
  const rate = (pick: (window: ArgusWindow) => number): number | null => middle(({ argus }) => pick(argus) / argus.seconds);
  const analysedPerSecond = rate((window) => window.analysed);
  return {
    name: nameOf(plan),
    rounds: rounds.length,
    refused: all.length - rounds.length,
    subject: plan.subject,
    efficiency: rawCores / argusCores,
    spread: spread(rounds.map((round) => rawOf(round) / argusOf(round))),
    argusCores,
    rawCores,
    rawDecoder: cheaper,
    decodeLibrary,
    decodeCommand,
    inferenceCores: median(rounds.map(inferenceOf)),
    receivedPerSecond: rate((window) => window.received),
    decodedPerSecond: rate((window) => window.decoded),
    offeredPerSecond: rate((window) => window.offered),
    analysedPerSecond,
    secondStagePerSecond: rate((window) => sum(window.models.slice(1).map(({ pictures }) => pictures))),
    millisecondsPerRun: middle(({ raw }) => Object.values(raw.library?.millisecondsPerRun ?? {})[0]),
    overheadMs: (1000 * (argusCores - rawCores)) / (analysedPerSecond ?? Number.NaN),
    pairs: rounds.map((round) => ({ argus: argusOf(round), raw: rawOf(round), dropped: round.argus.dropped })),
    processes: all.at(-1)?.argus.cpuByProcess ?? [],
  };
}

const nameOf = ({ subject, cameras, posture }: Plan): string => `${subject}, ${cameras} camera${cameras === 1 ? '' : 's'}${posture ? ' with posture' : ''}`;
