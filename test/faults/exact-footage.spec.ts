import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineConfig, RecordingSegment } from '@argus/contracts';
import { FootageRange, planFootage, readSegment, type SegmentDescription } from '@argus/footage';
import { makeClip, readNumbers, type RtspCameras, type RtspFault, startRtspCameras, waitFor, whyNoClips } from '@argus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../../apps/inference/src/fixtures/engine-fixture.js';
import { isEngineBuilt, seconds } from './watched-engine.js';

/**
 * Real: the built engine, its disk, and an RTSP camera whose pictures are numbered. It hangs up, jumps in time, and becomes a camera of another codec;
 * then the files are decoded, and each picture that was received must be in exactly one. The gateway's end of the link is a stand-in.
 */
const MINUTES = Number(process.env['ARGUS_RECORD_MINUTES'] ?? 1.5);
const DISTURBANCES = Number(process.env['ARGUS_RECORD_DISTURBANCES'] ?? 6);
const SIZE = { width: 320, height: 180 };
const FPS = 10;
const GROUP_MS = 2000;
/** In turn: two of three end the connection. */
const KINDS: readonly RtspFault[] = ['hang-up', 'pts-forward', 'codec-reconnect', 'hang-up', 'pts-back', 'hang-up'];
const LENGTH = 60 * FPS;
const CUTS = 30;

const reason = isEngineBuilt ? whyNoClips() : 'the engine is not built (tsc -b)';
if (reason !== null) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== null)('footage of a camera that hangs up, jumps in time and changes its codec', () => {
  let server: RtspCameras;
  let engine: EngineFixture;
  afterEach(async () => {
    await engine?.stop();
    await server?.kill();
  });

  it('has every received picture in exactly one file, and every range decodes cleanly from the key frame at or before its start', async () => {
    const clip = makeClip({ ...SIZE, fps: FPS, seconds: LENGTH / FPS, numbered: true });
    server = await startRtspCameras({ clip, otherCodec: makeClip({ ...SIZE, fps: FPS, seconds: LENGTH / FPS, codec: 'h265', numbered: true }), cameras: [{ path: 'a' }] });
    const camera = cameraOf({ url: server.url('a'), recording: { ...cameraOf().recording, mode: 'continuous' } });
    engine = await EngineFixture.start(configOf([{ ...camera, enabled: false }], [], [pipelineOf({ analysisFps: 1, routes: [] })]));
    await waitFor(() => engine.gateway.ofType('applied').length > 0, 20_000, () => 'the engine did not take its configuration');
    // Somebody watches from the start: what he is sent is what came, whatever the decoder makes of it.
    engine.gateway.send({ type: 'watch', cameraIds: [camera.id] });
    engine.gateway.configure({ ...(engine.gateway.config as EngineConfig), cameras: [camera], revision: 2 });
    await disturb();
    const received = await settled();
    await engine.endEngine('SIGTERM');
    const segments = engine.gateway.ofType('segment').map(({ segment }) => segment);
    const numbers = segments.map((segment) => numbersOf(segment));
    expectConsecutive(segments, numbers);
    expect(numbers.reduce((sum, { length }) => sum + length, 0)).toBe(received);
    expect(new Set(segments.map(({ codec }) => codec))).toEqual(new Set(DISTURBANCES > 2 ? ['h264', 'hevc'] : ['h264']));
    console.info(`${received} pictures received and recorded once each, in ${segments.length} files of ${new Set(segments.map(({ connection }) => connection)).size} connections`);
    await cutEverywhere(await Promise.all(segments.map((segment) => readSegment(pathOf(segment)))), numbers);
  }, (MINUTES + 10) * 60_000);

  /** Steady time between disturbances, each of which lasts for a key frame. */
  async function disturb(): Promise<void> {
    const steady = (MINUTES * 60) / (DISTURBANCES + 1) - GROUP_MS / 1000;
    for (let index = 0; index < DISTURBANCES; index += 1) {
      const kind = KINDS[index % KINDS.length] as RtspFault;
      await online();
      await seconds(Math.max(2, steady));
      await server.fault('a', kind);
      await seconds(kind === 'codec-reconnect' ? Math.max(5, steady / 2) : GROUP_MS / 1000);
      await server.fault('a', 'none');
    }
    await online();
    await seconds(Math.max(2, steady));
  }

  const stats = () => engine.gateway.ofType('stats').at(-1)?.cameras[0];
  const online = () => waitFor(() => engine.gateway.ofType('states').at(-1)?.states.at(-1)?.state === 'online', 60_000, () => 'the camera did not come back');

  /** Nothing is sent any more, and what was is counted: pictures received since the start. */
  async function settled(): Promise<number> {
    await server.fault('a', 'stall');
    let last = -1;
    await waitFor(async () => {
      const now = engine.gateway.packets.length;
      const isSame = now === last;
      last = now;
      if (!isSame) await seconds(2.5);
      return isSame;
    }, 60_000, () => 'pictures still come');
    expect(stats()?.recorder).toMatchObject({ lostPackets: 0, problem: null });
    return last;
  }

  const pathOf = (segment: RecordingSegment) => join(engine.folder, 'recordings', segment.path);
  const numbersOf = (segment: RecordingSegment): number[] => readNumbers(pathOf(segment), SIZE);

  /** Within one connection picture follows picture, over the seams of files and of the clip. */
  function expectConsecutive(segments: readonly RecordingSegment[], numbers: readonly (readonly number[])[]): void {
    for (const [index, segment] of segments.entries()) {
      const own = numbers[index] ?? [];
      expect(own.length, segment.path).toBe(segment.fragments.reduce((sum, { packets }) => sum + packets, 0));
      const before = segments[index - 1]?.connection === segment.connection ? numbers[index - 1]?.at(-1) : undefined;
      const row = before === undefined ? own : [before, ...own];
      const torn = row.findIndex((number, at) => at > 0 && number !== ((row[at - 1] as number) + 1) % LENGTH && !(number === 0 && segment.codec !== segments[index - 1]?.codec));
      expect(torn === -1 ? [] : row.slice(Math.max(0, torn - 3), torn + 3), `${segment.path}, picture ${torn}`).toEqual([]);
    }
  }

  async function cutEverywhere(described: readonly SegmentDescription[], numbers: readonly (readonly number[])[]): Promise<void> {
    const ordered = described.map((segment, index) => ({ ...segment, numbers: numbers[index] ?? [] })).toSorted((a, b) => a.startMs - b.startMs);
    const [startMs, endMs] = [ordered[0]?.startMs ?? 0, Math.max(...ordered.map((segment) => segment.endMs))];
    const film = join(engine.folder, 'cut.mp4');
    for (let cut = 0; cut < CUTS; cut += 1) {
      const fromMs = Math.round(startMs + ((endMs - startMs - 4000) * cut) / CUTS);
      const plan = planFootage(ordered, fromMs, fromMs + 3700);
      if (plan === null) continue;
      const range = new FootageRange(plan);
      await range.check();
      const bytes: Buffer[] = [];
      for await (const part of range.read()) bytes.push(part);
      writeFileSync(film, Buffer.concat(bytes));
      const wanted = plan.pieces.flatMap(({ segment, first, last }) => {
        const before = segment.fragments.slice(0, first).reduce((sum, { packets }) => sum + packets, 0);
        const count = segment.fragments.slice(first, last + 1).reduce((sum, { packets }) => sum + packets, 0);
        return segment.numbers.slice(before, before + count);
      });
      expect(readNumbers(film, SIZE), `from ${fromMs}`).toEqual(wanted);
      // The key frame at or before: a group at the most too early, unless nothing was recorded then.
      const covered = ordered.some((segment) => segment.startMs <= fromMs && segment.endMs > fromMs);
      if (covered) expect(fromMs - plan.startMs).toBeGreaterThanOrEqual(0);
      if (covered) expect(fromMs - plan.startMs).toBeLessThan(GROUP_MS + 1000 / FPS);
    }
  }
});
