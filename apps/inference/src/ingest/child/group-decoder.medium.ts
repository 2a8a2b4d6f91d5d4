import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MotionGateSettings, SKIP_CAUSES, type CameraId, type ModelId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { openSource, type MediaPacket } from '@argus/media';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { StageClock } from '../../profile/stage-clock.js';
import { PixelRing } from '../../ring/pixel-ring.js';
import type { OfferedFrame, SamplingSettings } from '../messages.js';
import { DecodePolicy, type Verdict } from './decode-policy.js';
import { DecodeTurns } from './decode-turns.js';
import { FrameSampler } from './frame-sampler.js';
import { GroupDecoder, type GroupDecoderOptions } from './group-decoder.js';
import { PacketGroup } from './packet-group.js';
import { PacketLedger } from './packet-ledger.js';

// Real: clips, native decoding and scaling, the ring file.
const MEDIA = fileURLToPath(new URL('../../../../../libs/media/fixtures/', import.meta.url));
const DEMO = fileURLToPath(new URL('../../../../../demo/', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'argus-decode-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const sampling = (changes: Partial<SamplingSettings> = {}): SamplingSettings => ({
  analysisFps: 5,
  gate: MotionGateSettings.parse({ enabled: false }),
  detector: { id: 'any' as ModelId, input: { width: 32, height: 32, color: 'rgb', resize: 'stretch', align: 'top-left', pad: [0, 0, 0] } },
  decodeShare: 1,
  waitForRoom: false,
  timed: false,
  ...changes,
});

interface Run {
  readonly url: string;
  readonly packets: number;
  readonly sampling: SamplingSettings;
  /** null: the real policy. */
  readonly verdicts?: ((packet: MediaPacket) => Verdict) | undefined;
  readonly isIdle?: () => boolean;
  readonly onOffer?: (frame: OfferedFrame, sampler: FrameSampler) => void;
}

/** Feeds a clip as a camera would and gives what came out; the sums are checked after each packet. */
async function run({ url, packets, sampling: settings, verdicts, isIdle, onOffer }: Run) {
  const source = await openSource(`file://${url}`, { fileRoots: [MEDIA, DEMO] });
  const ring = new PixelRing(join(directory, newId()));
  const ledger = new PacketLedger();
  const offered: number[] = [];
  const cameraId = newId<CameraId>();
  const sampler: FrameSampler = new FrameSampler({
    source: { cameraId, run: 1 },
    ring,
    sampling: settings,
    masks: { version: 0, areas: [] },
    stages: new StageClock(),
    marksMotion: () => false,
    moved: () => undefined,
    offer: (frame) => {
      offered.push(frame.ptsUs);
      ring.giveBack(frame.slot);
      if (onOffer) onOffer(frame, sampler);
      else sampler.release(frame.frame);
    },
    trouble: (what, error) => expect.fail(`${what}: ${String(error)}`),
  });
  const real = new DecodePolicy(settings.gate, source.reorders, settings.waitForRoom);
  real.share = settings.decodeShare;
  const policy: GroupDecoderOptions['policy'] = verdicts ? { arrived: (packet) => verdicts(packet as MediaPacket), looked: () => undefined, overflowed: () => undefined, isIdle: false } : real;
  if (verdicts && isIdle) Object.defineProperty(policy, 'isIdle', { get: isIdle });
  const decoder = new GroupDecoder({ source, hardware: false, group: new PacketGroup(), policy, sampler, ledger, stages: new StageClock(), turns: new DecodeTurns(), ring, blameNumber: 1, isStopped: () => false, onPicture: () => undefined });
  const check = (): void => {
    expect(ledger.received).toBe(ledger.decoded + SKIP_CAUSES.reduce((sum, cause) => sum + ledger.skipped[cause], 0));
    expect(ledger.decoded).toBe(sampler.counts.paced + sampler.counts.still + sampler.counts.offered);
  };
  let given = 0;
  for (let packet = await source.next(); packet !== null && given < packets; packet = await source.next()) {
    given += 1;
    await decoder.take(packet, 0);
    check();
  }
  if (given < packets) await decoder.finish();
  check();
  decoder.close();
  check();
  sampler.close();
  ring.close();
  await source.close();
  return { ledger, counts: sampler.counts, offered, given };
}

describe('GroupDecoder', () => {
  it.each([`${MEDIA}h264.mpegts`, `${MEDIA}h264-b-frames.mp4`, `${MEDIA}h265-b-frames.mp4`])('%s: counts add up whatever is decoded when, and pictures come in order', async (clip) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('decode', 'decode', 'idle', 'idle', 'not-due', 'shed', 'alone'), { minLength: 8, maxLength: 40 }), async (plan) => {
        let [at, idle] = [0, false];
        const verdicts = (packet: MediaPacket): Verdict => {
          const verdict = plan[at % plan.length] as Verdict;
          at += 1;
          // As the policy does: key frames alone while idle, what lies between them only in its turn.
          idle = packet.key ? verdict === 'alone' : idle && verdict !== 'decode';
          if (verdict === 'alone') return packet.key ? 'alone' : 'idle';
          return packet.key && verdict !== 'not-due' ? 'decode' : verdict;
        };
        const { offered, ledger, given } = await run({ url: `${clip}?pace=fast&loop=true`, packets: 60, sampling: sampling(), verdicts, isIdle: () => idle });
        expect(offered.slice(1).every((ptsUs, index) => ptsUs > (offered[index] ?? Infinity))).toBe(true);
        // What was made up for may still be owed at the end.
        expect(ledger.received).toBeGreaterThanOrEqual(given);
        expect(ledger.received - given).toBeLessThanOrEqual(ledger.decoded);
      }),
      { numRuns: 25 },
    );
  });

  it('decodes of a busy street what one picture a second needs, and offers just that', async () => {
    const { offered, ledger, given } = await run({ url: `${DEMO}street.mp4?pace=fast`, packets: 200, sampling: sampling({ analysisFps: 1 }) });
    expect(offered).toEqual(Array.from({ length: 20 }, (_unused, index) => index * 1_000_000));
    // Groups of 20 packets at 10 a second: the eleven up to the second picture.
    expect([given, ledger.decoded, ledger.skipped['not-due']]).toEqual([200, 110, 90]);
  });

  it.each(['h264-b-frames.mp4', 'h265-b-frames.mp4'])('%s: leaves out B-frames that are not due, and offers the same pictures', async (name) => {
    const url = `${MEDIA}${name}?pace=fast`;
    const plain = await run({ url, packets: 20, sampling: sampling({ analysisFps: 2 }), verdicts: () => 'decode' });
    const { ledger, offered } = await run({ url, packets: 20, sampling: sampling({ analysisFps: 2 }) });
    expect(ledger.skipped['not-due']).toBeGreaterThan(3);
    expect(ledger.skipped.damaged).toBe(plain.ledger.skipped.damaged);
    expect(offered.length).toBe(plain.offered.length);
  });

  it('rests in a still scene and misses nothing of what then moves', async () => {
    const gate = MotionGateSettings.parse({});
    const from = (offered: readonly number[]): number[] => offered.filter((ptsUs) => ptsUs >= 9_000_000);
    const all = await run({ url: `${MEDIA}wake-up.mp4?pace=fast`, packets: 140, sampling: sampling({ gate }), verdicts: () => 'decode' });
    const resting = await run({ url: `${MEDIA}wake-up.mp4?pace=fast`, packets: 140, sampling: sampling({ gate }) });
    expect(from(all.offered).length).toBeGreaterThan(20);
    expect(from(resting.offered)).toEqual(from(all.offered));
    expect(all.ledger.decoded).toBe(140);
    // Of the nine still seconds the first three are decoded, to learn what is usual; then two or three key frames.
    expect(resting.ledger.decoded).toBeLessThan(100);
    expect(resting.ledger.skipped.idle).toBeGreaterThan(45);
  });

  it('decodes the beginning of each group under overload, and says why the rest was left out', async () => {
    const settings = sampling({ decodeShare: 0.5 });
    const { ledger, offered } = await run({ url: `${DEMO}street.mp4?pace=fast`, packets: 200, sampling: settings });
    expect(ledger.skipped.shed).toBeGreaterThan(85);
    expect(offered.length).toBeLessThan(60);
    const keys = await run({ url: `${DEMO}street.mp4?pace=fast`, packets: 200, sampling: sampling({ decodeShare: 0 }) });
    expect(keys.offered).toEqual(Array.from({ length: 10 }, (_unused, index) => index * 2_000_000));
  });

  it.each(['h264.mpegts', 'h264-b-frames.mp4', 'h265-b-frames.mp4'])('%s: gives every picture to the last one when every frame counts', async (name) => {
    const { offered, ledger } = await run({ url: `${MEDIA}${name}?pace=fast`, packets: 1000, sampling: sampling({ analysisFps: 60, waitForRoom: true }) });
    expect(offered).toEqual(Array.from({ length: 20 }, (_unused, index) => index * 100_000));
    expect([ledger.received, ledger.decoded]).toEqual([20, 20]);
  });

  it('drops nothing and waits when every frame counts', async () => {
    let most = 0;
    const open: number[] = [];
    const { offered, counts } = await run({
      url: `${DEMO}street.mp4?pace=fast`,
      packets: 100,
      sampling: sampling({ analysisFps: 60, waitForRoom: true }),
      onOffer: ({ frame }, sampler) => {
        open.push(frame);
        most = Math.max(most, open.length);
        // Main is slow, and answers one frame after the other.
        setTimeout(() => sampler.release(open.shift() ?? 0), 4 * open.length);
      },
    });
    expect([offered.length, counts.paced, counts.backpressure]).toEqual([100, 0, 0]);
    expect(most).toBe(4);
  });
});
