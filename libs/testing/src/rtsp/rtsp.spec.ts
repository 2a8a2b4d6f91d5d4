import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { makeClip, whyNoClips } from './make-clip.js';
import { readClip } from './mp4-clip.js';
import { PackedClip } from './packed-clip.js';
import { HEADERS, MAX_PAYLOAD, pack, payloadsOf, stamp } from './rtp-packing.js';
import { challenge, isAuthorized, REALM } from './rtsp-auth.js';
import { RtspCamera, type CameraClips } from './rtsp-camera.js';
import { damageBytes, damagePayloads, RTSP_FAULTS, type RtspFault } from './rtsp-fault.js';
import { formatResponse, RtspRequestReader } from './rtsp-message.js';
import { DEMO_CLIP } from './start-rtsp-cameras.js';

const noClips = whyNoClips();
if (noClips !== null) console.warn(`skipped: clips in other codecs (${noClips})`);

describe('readClip', () => {
  it('reads the demo clip', () => {
    expect(existsSync(DEMO_CLIP)).toBe(true);
    const clip = readClip(DEMO_CLIP);
    expect(clip.codec).toBe('h264');
    expect(clip.units).toHaveLength(795);
    expect(clip.durationMs).toBe(79_500);
    expect(clip.units.filter((unit) => unit.key).map((unit) => unit.timeMs).slice(0, 3)).toEqual([0, 2000, 4000]);
    expect(clip.parameterSets.map((set) => (set[0] as number) & 0x1f)).toEqual([7, 8]);
    const last = clip.units.at(-1)?.nals.map((nal) => (nal[0] as number) & 0x1f);
    expect(last).toEqual([1]);
  });

  it.skipIf(noClips !== null)('reads H.265', () => {
    const clip = readClip(makeClip({ width: 320, height: 180, fps: 5, seconds: 6, codec: 'h265' }));
    expect(clip.codec).toBe('h265');
    expect(clip.parameterSets.map((set) => ((set[0] as number) >> 1) & 0x3f)).toEqual([32, 33, 34]);
    expect(clip.units.filter((unit) => unit.key).map((unit) => unit.timeMs)).toEqual([0, 2000, 4000]);
    expect(clip.durationMs).toBe(6000);
  });
});

interface Packet {
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** Takes interleaved packets apart again, by their own lengths. */
function packetsIn(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    expect([bytes[at], bytes[at + 1]]).toEqual([0x24, 0]);
    packets.push({
      marker: (bytes[at + 5] as number) >= 0x80,
      sequence: bytes.readUInt16BE(at + 6),
      timestamp: bytes.readUInt32BE(at + 8),
      ssrc: bytes.readUInt32BE(at + 12),
      payload: bytes.subarray(at + HEADERS, at + 4 + bytes.readUInt16BE(at + 2)),
    });
  }
  return packets;
}

describe('packing', () => {
  it('sends a small unit as it is and marks the last packet of a picture', () => {
    const picture = pack(payloadsOf('h264', [Buffer.of(0x67, 1), Buffer.of(0x65, 2)]));
    const packets = packetsIn(stamp(picture, { sequence: 65535, timestamp: 9000, ssrc: 7 }));
    expect(packets.map(({ sequence, marker, timestamp, ssrc }) => [sequence, marker, timestamp, ssrc])).toEqual([[65535, false, 9000, 7], [0, true, 9000, 7]]);
    expect(packets[0]?.payload).toEqual(Buffer.of(0x67, 1));
  });

  it('stamps copies: one picture is sent by many cameras at once', () => {
    const picture = pack([Buffer.of(0x65, 2)]);
    const [one, other] = [stamp(picture, { sequence: 1, timestamp: 2, ssrc: 3 }), stamp(picture, { sequence: 4, timestamp: -1, ssrc: 6 })];
    expect(packetsIn(one)[0]).toMatchObject({ sequence: 1, timestamp: 2, ssrc: 3 });
    expect(packetsIn(other)[0]).toMatchObject({ sequence: 4, timestamp: 2 ** 32 - 1, ssrc: 6 });
  });

  it('cuts a large H.264 unit into fragments that join to the same bytes', () => {
    const nal = Buffer.alloc(5000, 1).fill(0x65, 0, 1);
    const payloads = payloadsOf('h264', [nal]);
    expect(payloads.every((payload) => payload.length <= MAX_PAYLOAD)).toBe(true);
    expect(payloads.map((payload) => payload[1])).toEqual([0x85, 0x05, 0x05, 0x45]);
    const first = payloads[0] as Buffer;
    const joined = Buffer.concat([Buffer.of(((first[0] as number) & 0xe0) | ((first[1] as number) & 0x1f)), ...payloads.map((payload) => payload.subarray(2))]);
    expect(joined).toEqual(nal);
  });

  it('cuts a large H.265 unit into fragments that join to the same bytes', () => {
    const nal = Buffer.alloc(3000, 1).fill(Buffer.of(19 << 1, 1), 0, 2);
    const payloads = payloadsOf('h265', [nal]);
    expect(payloads.every((payload) => payload.length <= MAX_PAYLOAD && (payload[0] as number) >> 1 === 49 && payload[1] === 1)).toBe(true);
    expect(payloads.map((payload) => payload[2])).toEqual([0x80 | 19, 19, 0x40 | 19]);
    expect(Buffer.concat([Buffer.of(19 << 1, 1), ...payloads.map((payload) => payload.subarray(3))])).toEqual(nal);
  });
});

describe('damage', () => {
  const nal = Buffer.alloc(5000, 1).fill(0x65, 0, 1);
  const whole = payloadsOf('h264', [nal]);

  it('truncates: the end of a fragmented unit never comes', () => {
    const payloads = damagePayloads('truncated', 'h264', whole);
    expect(payloads).toEqual(whole.slice(0, 2));
    expect(damagePayloads('truncated', 'h264', [Buffer.of(0x61, 1, 2, 3)])).toEqual([Buffer.of(0x61, 1)]);
  });

  it('says lengths in aggregates that are not those of their units', () => {
    for (const codec of ['h264', 'h265'] as const) {
      const head = codec === 'h264' ? 1 : 2;
      for (const payload of damagePayloads('wrong-length', codec, whole)) {
        expect(payload.length).toBeLessThanOrEqual(MAX_PAYLOAD);
        expect(payload.readUInt16BE(head)).not.toBe(payload.length - head - 2);
      }
    }
  });

  it.each(['garbage', 'bit-flips'] as const)('changes payloads and no header: %s', (fault) => {
    const picture = pack(Array.from({ length: 40 }, () => whole[0] as Buffer));
    const good = stamp(picture, { sequence: 1, timestamp: 2, ssrc: 3 });
    const bad = Buffer.from(good);
    damageBytes(fault, picture, bad);
    expect(bad.equals(good)).toBe(false);
    const withoutPayload = (bytes: Buffer) => packetsIn(bytes).map(({ payload, ...rest }) => ({ ...rest, length: payload.length }));
    expect(withoutPayload(bad)).toEqual(withoutPayload(good));
  });

  it('breaks the framing of at most one packet in each picture', () => {
    const picture = pack(whole);
    const lying = Array.from({ length: 30 }, () => {
      const bytes = stamp(picture, { sequence: 1, timestamp: 2, ssrc: 3 });
      damageBytes('broken-framing', picture, bytes);
      return picture.starts.filter((start, index) => bytes.readUInt16BE(start + 2) !== (picture.starts[index + 1] ?? bytes.length) - start - 4).length;
    });
    expect([Math.max(...lying), lying.filter((count) => count > 0).length > 20]).toEqual([1, true]);
  });
});

describe('RTSP messages', () => {
  it('are put together from pieces, and packets between them passed over', () => {
    const reader = new RtspRequestReader();
    const bytes = Buffer.concat([Buffer.from('OPTIONS rtsp://h/a RTSP/1.0\r\nCSeq: 1\r\n\r\n'), Buffer.of(0x24, 1, 0, 2, 9, 9), Buffer.from('PLAY rtsp://h/a RTSP/1.0\r\nCSeq: 2\r\n\r\n')]);
    const requests = [...bytes].flatMap((byte) => reader.push(Buffer.of(byte)));
    expect(requests.map((request) => [request.method, request.headers.get('cseq')])).toEqual([['OPTIONS', '1'], ['PLAY', '2']]);
    expect(formatResponse(200, 'OK', requests[1] as (typeof requests)[0], {}, 'body')).toBe('RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\nbody');
  });
});

describe('isAuthorized', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const digest = (password: string, nonce: string) => `Digest username="u", realm="${REALM}", nonce="${nonce}", uri="rtsp://h/a", response="${md5(`${md5(`u:${REALM}:${password}`)}:${nonce}:${md5('DESCRIBE:rtsp://h/a')}`)}"`;

  it.each([
    ['basic', `Basic ${btoa('u:p')}`, true],
    ['basic', `Basic ${btoa('u:q')}`, false],
    ['basic', undefined, false],
    ['digest', digest('p', 'n1'), true],
    ['digest', digest('q', 'n1'), false],
    ['digest', digest('p', 'old'), false],
  ] as const)('%s %s: %s', (scheme, header, expected) => {
    expect(isAuthorized({ scheme, user: 'u', password: 'p' }, 'n1', 'DESCRIBE', header)).toBe(expected);
    expect(challenge({ scheme, user: 'u', password: 'p' }, 'n1')).toContain(REALM);
  });
});

describe('RtspCamera', () => {
  const usual = new PackedClip(readClip(DEMO_CLIP));
  /** The same pictures under another name: which clip is shown is told by identity. */
  const otherSize = new PackedClip({ ...usual.clip, parameterSets: usual.clip.parameterSets.map((set) => Buffer.concat([set, Buffer.of(1)])) });
  const clips: CameraClips = { usual, otherSize, otherCodec: null };

  /** Runs a camera with one viewer for some media time on a clock of its own. */
  function play(camera: RtspCamera, ms: number, change?: { readonly afterMs: number; readonly fault: RtspFault }) {
    const taken: { readonly atMs: number; readonly packets: Packet[] }[] = [];
    let hungUp = 0;
    const viewer = {
      take: (bytes: Buffer) => taken.push({ atMs: performance.now(), packets: camera.fault === 'broken-framing' ? [] : packetsIn(bytes) }) > 0,
      hangUp: () => {
        hungUp += 1;
        camera.leave(viewer);
      },
    };
    const began = performance.now();
    camera.join(viewer);
    for (let passed = 0; passed <= ms; passed += 20) {
      if (change !== undefined && passed === change.afterMs) camera.fault = change.fault;
      if (camera.watched) camera.tick();
      vi.advanceTimersByTime(20);
    }
    camera.leave(viewer);
    return { taken: taken.map(({ atMs, packets }) => ({ atMs: Math.round(atMs - began), packets })), hungUp };
  }

  function withFakeClock<T>(work: () => T): T {
    vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout'] });
    try {
      return work();
    } finally {
      vi.useRealTimers();
    }
  }
  const build = (fault: RtspFault = 'none', startSeconds = 0) => new RtspCamera(clips, { path: 'a', fault, startSeconds });
  const timesOf = (taken: ReturnType<typeof play>['taken']) => taken.map(({ packets }) => packets[0]?.timestamp ?? -1);

  it('counts on over loops', () => {
    expect(usual.lastKeyIndex(81_000)).toBe(795);
    expect(usual.timeOf(795 + 10)).toBe(79_500 + 1000);
    expect(usual.nalsOf(795)[0]).toEqual(usual.clip.parameterSets[0]);
    withFakeClock(() => {
      const times = timesOf(play(build('none', 78.05), 3000).taken);
      expect(times[0]).toBe(78_000 * 90);
      // The clip ends half a second after a key frame and begins with one: no step is left out.
      expect(times.slice(1).every((time, index) => time - (times[index] as number) === 9000)).toBe(true);
    });
  });

  it('announces foreign parameter sets when told to', () => {
    const camera = build('wrong-sps');
    expect(camera.describe()).not.toContain(usual.clip.parameterSets[0]?.toString('base64'));
    expect(usual.nalsOf(0, 'wrong-sps')[0]).not.toEqual(usual.clip.parameterSets[0]);
  });

  it('gives a second viewer the running group, as the first one got it', () => {
    withFakeClock(() => {
      const camera = build('none', 0.5);
      const viewers = [[], []] as Buffer[][];
      const join = (index: number) => camera.join({ take: (bytes) => (viewers[index] as Buffer[]).push(bytes) > 0, hangUp: () => undefined });
      join(0);
      camera.tick();
      vi.advanceTimersByTime(500);
      camera.tick();
      const { sequence, timestamp } = camera.start();
      join(1);
      expect(viewers[1]).toEqual(viewers[0]);
      expect(packetsIn(viewers[1]?.[0] as Buffer)[0]).toMatchObject({ sequence, timestamp });
      expect(camera.counts.sent).toBe(2 * 11);
    });
  });

  it('pauses at key frames and then catches up', () => {
    withFakeClock(() => {
      const { taken } = play(build('burst'), 4500);
      const arrivals = [...new Set(taken.map(({ atMs }) => atMs))].map((at) => [at, taken.filter(({ atMs }) => atMs === at).length]);
      // 500, 2500 and 4500: five that should have come during the pause, and the one that is due.
      expect(arrivals.filter(([, count]) => count === 6).map(([atMs]) => atMs)).toEqual([500, 2500, 4500]);
      expect(arrivals.filter(([, count]) => count !== 6 && count !== 1)).toEqual([]);
      expect(taken).toHaveLength(46);
    });
  });

  it('floods with ten times as many pictures, and their clock', () => {
    withFakeClock(() => {
      const { taken } = play(build('flood'), 2000);
      expect(taken.length).toBeGreaterThanOrEqual(200);
      expect(timesOf(taken).at(-1)).toBeGreaterThanOrEqual(20_000 * 90);
    });
  });

  it.each([
    ['pts-forward', (before: number, after: number) => after - before === 9000 + 3600 * 90_000],
    ['pts-back', (before: number, after: number) => (after - before + 2 ** 32) % 2 ** 32 === 2 ** 32 + 9000 - 3600 * 90_000],
    ['pts-wrap', (before: number, after: number) => before < 2 ** 31 && after === 2 ** 32 - 45_000],
  ] as const)('jumps at key frames: %s', (fault, jumps) => {
    withFakeClock(() => {
      const times = timesOf(play(build('none', 1), 3000, { afterMs: 500, fault }).taken);
      const at = times.findIndex((time, index) => index > 0 && time - (times[index - 1] as number) !== 9000);
      expect(jumps(times[at - 1] as number, times[at] as number), times.join()).toBe(true);
      if (fault === 'pts-wrap') expect(times.slice(at, at + 7)).toEqual([2 ** 32 - 45_000, 2 ** 32 - 36_000, 2 ** 32 - 27_000, 2 ** 32 - 18_000, 2 ** 32 - 9000, 0, 9000]);
    });
  });

  it('has another source and sequence at each key frame', () => {
    withFakeClock(() => {
      const { taken } = play(build('ssrc-change'), 4100);
      expect(new Set(taken.flatMap(({ packets }) => packets.map(({ ssrc }) => ssrc))).size).toBe(3);
    });
  });

  it('shows another clip from the next key frame on, without a step in time, and goes back likewise', () => {
    withFakeClock(() => {
      const camera = build();
      const sets = (taken: ReturnType<typeof play>['taken']) => taken.flatMap(({ packets }) => packets.map(({ payload }) => payload).filter((payload) => ((payload[0] as number) & 0x1f) === 7).map((payload) => payload.at(-1) === 1));
      const there = play(camera, 3000, { afterMs: 500, fault: 'resolution' });
      expect(sets(there.taken)).toEqual([false, true]);
      const times = timesOf(there.taken);
      expect(times.slice(1).every((time, index) => time - (times[index] as number) === 9000)).toBe(true);
      expect(camera.describe()).toContain(otherSize.clip.parameterSets[0]?.toString('base64'));
      camera.fault = 'none';
      expect(sets(play(camera, 100).taken)).toEqual([false]);
    });
  });

  it.each(['stall', 'power-cut'] as const)('sends nothing: %s', (fault) => {
    withFakeClock(() => expect(play(build(fault), 1000)).toEqual({ taken: [], hungUp: 0 }));
  });

  it('hangs up after a picture', () => {
    withFakeClock(() => expect(play(build('hang-up'), 1000)).toMatchObject({ taken: [{ atMs: 0 }], hungUp: 1 }));
  });

  it('leaves key frames out', () => {
    withFakeClock(() => expect(play(build('no-keys'), 2500).taken).toHaveLength(24));
  });

  it('refuses a switch that it has no clip for, and knows every other fault', () => {
    expect(() => build('codec-reconnect')).toThrow(/a clip to switch to/);
    for (const fault of RTSP_FAULTS) if (!fault.startsWith('codec-')) expect(build(fault).fault).toBe(fault);
  });
});
