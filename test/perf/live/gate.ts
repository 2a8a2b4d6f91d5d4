import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Camera } from '@argus/contracts';
import { cameraOf, configOf, pipelineOf } from '../../../apps/inference/dist/fixtures/engine-fixture.js';
import { APART_SECONDS, startCameras } from '../argus/cameras.ts';
import { EngineUnderTest } from '../argus/engine-under-test.ts';
import { coverage, overlap, TrackLog, type Interval } from '../argus/track-log.ts';
import { ownClip, PASSAGE, quietClip } from '../measure/clips.ts';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { median, sum } from '../measure/statistics.ts';

const FPS = 5;
const GATED = 10;
/** The same pictures without a gate, to tell what the gate misses from what the detector does. */
const OPEN = 2;
const SECONDS = 1000;
/** Arrival and analysis lie behind filming; a track that ends shortly before or after a passage still is of it. */
const SLACK_MS = 500;
/** Tracks shorter than this are no reference: a detector names a post a person now and then. */
const SHORTEST_MS = 1500;
const INDOOR = fileURLToPath(new URL('../../../../shared/data/videos/intel-one-by-one-person-detection.mp4', import.meta.url));

interface Scene {
  readonly name: string;
  readonly clip: string;
  /** When a person passes this camera, in the stretch of wall time given; null: what the cameras without a gate saw. */
  readonly passages: ((window: Interval, bornAtMs: number, startSeconds: number) => Interval[]) | null;
}

/** Quiet footage: how many inferences the motion gate saves, and whether anybody walks by unseen because of it. */
export async function gate({ quick }: { readonly quick: boolean }): Promise<Report> {
  const minutes = quick ? 2 : 7;
  const scenes: Scene[] = [{ name: 'empty street, a person in 5 of 40 s', clip: await quietClip(), passages: labelledPassages }];
  if (existsSync(INDOOR)) scenes.push({ name: 'indoor, one person at a time', clip: await ownClip('indoor', INDOOR), passages: null });
  const results = [];
  for (const scene of scenes) results.push(await watch(scene, minutes));
  const [street] = results as [Awaited<ReturnType<typeof watch>>];
  return {
    benchmark: 'gate',
    targets: [atLeast('inferences avoided', street.avoided, 0.7), atMost('labelled persons missed', street.missed, 0.01)],
    tables: [
      {
        title: `Gate: ${GATED} cameras with the default gate, ${OPEN} without, ${minutes} minutes`,
        head: ['scene', 'avoided', 'persons', 'missed', 'missed without gate', 'seen for', 'seen for without gate', 'decoded of received'],
        rows: results.map((r) => [r.name, r.avoided, r.persons, r.missed, r.missedOpen, r.seenFor, r.seenForOpen, r.decodedShare]),
      },
    ],
    notes: ['avoided: of the pictures due at the analysis rate; seen for: median share of a passage’s time that its tracks cover; persons of footage without labels are those whom cameras without a gate saw'],
    figures: { results },
  };
}

async function watch(scene: Scene, minutes: number) {
  const rtsp = await startCameras(GATED + OPEN, scene.clip);
  const cameras = rtsp.paths.map((path) => cameraOf({ name: path, url: rtsp.url(path) }));
  const pipeline = pipelineOf({ analysisFps: FPS, routes: [] });
  const openPipeline = { ...pipelineOf({ analysisFps: FPS, routes: [], isDefault: false }), gate: { ...pipeline.gate, enabled: false } };
  // Cameras without a gate film what the first gated ones film.
  const shown = cameras.map((camera, index) => (index < GATED ? camera : { ...camera, url: rtsp.url(rtsp.paths[index - GATED] ?? ''), pipelineId: openPipeline.id }));
  const engine = await EngineUnderTest.start(configOf(shown, [], [pipeline, openPipeline]));
  const log = new TrackLog(engine);
  try {
    await engine.ready(shown.map(({ id }) => id));
    await sleep(10 * SECONDS);
    const fromMs = Date.now();
    const window = await engine.measure(minutes * 60);
    const toMs = Date.now();
    await sleep(8 * SECONDS);
    const gated = shown.slice(0, GATED);
    const startOf = (index: number): number => (index < GATED ? index : index - GATED) * APART_SECONDS;
    const wanted = (index: number): Interval[] =>
      scene.passages ? scene.passages({ fromMs, toMs }, rtsp.bornAtMs, startOf(index)) : index % GATED < OPEN ? reference(log, shown[GATED + (index % GATED)], { fromMs, toMs }) : [];
    const looks = (from: number, to: number) => shown.slice(from, to).map(({ id }, at) => ({ passages: wanted(from + at), tracks: log.of(id) }));
    const [withGate, without] = [verdict(looks(0, GATED)), verdict(looks(GATED, GATED + OPEN))];
    const counted = window.cameras.filter(({ id }) => gated.some((camera) => camera.id === id));
    return {
      name: scene.name,
      avoided: 1 - sum(counted.map(({ analysed }) => analysed)) / (window.seconds * FPS * GATED),
      persons: withGate.persons, missed: withGate.missed, missedOpen: without.missed, seenFor: withGate.seenFor, seenForOpen: without.seenFor,
      decodedShare: window.decoded / window.received,
    };
  } finally {
    await engine.stop();
    await rtsp.kill();
  }
}

/** Passages that lie wholly in the window: the clip loops, and each camera is at another place in it. */
function labelledPassages(window: Interval, bornAtMs: number, startSeconds: number): Interval[] {
  const passages: Interval[] = [];
  const firstMs = bornAtMs - startSeconds * SECONDS;
  for (let loop = 0; firstMs + loop * PASSAGE.loop * SECONDS < window.toMs; loop += 1) {
    const [fromMs, toMs] = [firstMs + (loop * PASSAGE.loop + PASSAGE.from) * SECONDS, firstMs + (loop * PASSAGE.loop + PASSAGE.to) * SECONDS];
    if (fromMs >= window.fromMs && toMs <= window.toMs) passages.push({ fromMs, toMs });
  }
  return passages;
}

const reference = (log: TrackLog, camera: Camera | undefined, window: Interval): Interval[] =>
  camera === undefined ? [] : log.of(camera.id).filter(({ fromMs, toMs }) => toMs - fromMs >= SHORTEST_MS && fromMs >= window.fromMs && toMs <= window.toMs);

function verdict(cameras: readonly { readonly passages: readonly Interval[]; readonly tracks: readonly Interval[] }[]) {
  const looks = cameras.flatMap(({ passages, tracks }) =>
    passages.map((passage) => {
      const wide = { fromMs: passage.fromMs - SLACK_MS, toMs: passage.toMs + SLACK_MS };
      return { seen: tracks.some((track) => overlap(track, wide)), covered: coverage(passage, tracks) };
    }),
  );
  return { persons: looks.length, missed: looks.filter(({ seen }) => !seen).length / looks.length, seenFor: median(looks.map(({ covered }) => covered)) };
}
