import { setTimeout as sleep } from 'node:timers/promises';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { startCameras } from '../argus/cameras.ts';
import { EngineUnderTest, type ArgusWindow, type Stats } from '../argus/engine-under-test.ts';
import { streetClip } from '../measure/clips.ts';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { median, sum } from '../measure/statistics.ts';

const CAMERAS = 32;
/** Hardly anything is decoded: what is left is reading, and in half of the rounds writing. */
const FPS = 0.1;
const MODES = ['off', 'continuous'] as const;
type Mode = (typeof MODES)[number];

interface Round {
  readonly off: ArgusWindow;
  readonly continuous: ArgusWindow;
}

/** What the recorders of all cameras say together. */
interface Recorders {
  readonly bytes: number;
  readonly lost: number;
  readonly failed: number;
}

const recordersOf = ({ cameras }: Stats): Recorders => ({
  bytes: sum(cameras.map(({ recorder }) => recorder?.bytes ?? 0)),
  lost: sum(cameras.map(({ recorder }) => recorder?.lostPackets ?? 0)),
  failed: cameras.filter(({ recorder }) => recorder?.state === 'failed').length,
});

/** What it costs to keep the packets of 32 cameras that are read anyhow. */
export async function recordingCost({ quick, only }: { readonly quick: boolean; readonly only: readonly number[] }): Promise<Report> {
  const count = only[0] ?? CAMERAS;
  const [rounds, seconds] = quick ? [2, 20] : [6, 30];
  const rtsp = await startCameras(count, await streetClip());
  const pipeline = pipelineOf({ analysisFps: FPS, routes: [] });
  const cameras = rtsp.paths.map((path) => cameraOf({ name: path, url: rtsp.url(path) }));
  const inMode = (mode: Mode) => configOf(cameras.map((camera) => ({ ...camera, recording: { ...camera.recording, mode } })), [], [pipeline]);
  const engine = await EngineUnderTest.start(inMode('off'));
  try {
    await engine.ready(cameras.map(({ id }) => id), 120);
    const measured: Round[] = [];
    let last: Recorders = { bytes: 0, lost: 0, failed: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const windows: Partial<Record<Mode, ArgusWindow>> = {};
      for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) {
        engine.configure(inMode(mode));
        // The first key frame of every camera, and the ends of files, fall into this.
        await sleep(6000);
        windows[mode] = await engine.measure(seconds);
        if (mode === 'continuous') last = recordersOf(await engine.nextStats());
      }
      measured.push(windows as Round);
      process.stderr.write(`recording: round ${round + 1} of ${rounds}\n`);
    }
    return reportOf(measured, count, seconds, last);
  } finally {
    await engine.stop();
    await rtsp.kill();
  }
}

function reportOf(rounds: readonly Round[], count: number, seconds: number, last: Recorders): Report {
  const cores = (windows: readonly ArgusWindow[]) => median(windows.map((window) => window.cpu / window.seconds));
  const received = (windows: readonly ArgusWindow[]) => median(windows.map((window) => window.received / window.seconds));
  const [off, on] = [rounds.map(({ off: window }) => window), rounds.map(({ continuous }) => continuous)];
  const extra = rounds.map((round) => (round.continuous.cpu / round.continuous.seconds - round.off.cpu / round.off.seconds) / count);
  const cost = median(extra);
  return {
    benchmark: 'recording',
    targets: [
      atMost('cost of recording a camera, above reading it', cost, 0.006, ' core'),
      atMost('packets lost', last.lost, 0),
      atLeast('packets read while recording, of those without', received(on) / received(off), 0.99),
    ],
    tables: [
      {
        title: `Recording: ${count} cameras 720p25 at 2.5 Mb/s, medians of ${rounds.length} interleaved rounds of ${seconds} s`,
        head: ['', 'cores', 'packets/s', 'core per camera'],
        rows: [
          ['not recorded', cores(off), received(off), cores(off) / count],
          ['recorded', cores(on), received(on), cores(on) / count],
          ['difference', cores(on) - cores(off), null, cost],
        ],
      },
    ],
    notes: [`analysed ${FPS} times a second: hardly anything is decoded`, `difference per round: ${extra.map((value) => value.toFixed(4)).join(', ')} core a camera`, `${(last.bytes / 2 ** 20).toFixed(0)} MiB written, ${last.failed} recorders failed`],
    figures: { cost, extra, off: off.map((window) => window.cpu / window.seconds), on: on.map((window) => window.cpu / window.seconds), ...last },
  };
}
