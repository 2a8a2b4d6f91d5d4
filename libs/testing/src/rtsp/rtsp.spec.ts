import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readH264Clip } from './h264-clip.js';
import { MAX_PAYLOAD, RtpPacketizer } from './rtp-packetizer.js';
import { challenge, isAuthorized, REALM } from './rtsp-auth.js';
import { RtspCamera } from './rtsp-camera.js';
import { formatResponse, RtspRequestReader } from './rtsp-message.js';
import { DEMO_CLIP } from './start-rtsp-cameras.js';

describe('readH264Clip', () => {
  it('reads the demo clip', () => {
    expect(existsSync(DEMO_CLIP)).toBe(true);
    const clip = readH264Clip(DEMO_CLIP);
    expect(clip.units).toHaveLength(795);
    expect(clip.durationMs).toBe(79_500);
    expect(clip.units.filter((unit) => unit.key).map((unit) => unit.timeMs).slice(0, 3)).toEqual([0, 2000, 4000]);
    expect((clip.sps[0] as number) & 0x1f).toBe(7);
    expect((clip.pps[0] as number) & 0x1f).toBe(8);
    const last = clip.units.at(-1)?.nals.map((nal) => (nal[0] as number) & 0x1f);
    expect(last).toEqual([1]);
  });
});

describe('RtpPacketizer', () => {
  it('sends a small unit as it is and marks the last packet of a picture', () => {
    const packets = new RtpPacketizer({ sequence: 65535, ssrc: 7 }).pack([Buffer.of(0x67, 1), Buffer.of(0x65, 2)], 9000);
    expect(packets.map((packet) => packet.readUInt16BE(2))).toEqual([65535, 0]);
    expect(packets.map((packet) => (packet[1] as number) >> 7)).toEqual([0, 1]);
    expect(packets.map((packet) => packet.readUInt32BE(4))).toEqual([9000, 9000]);
    expect(packets[0]?.subarray(12)).toEqual(Buffer.of(0x67, 1));
  });

  it('cuts a large unit into fragments that join to the same bytes', () => {
    const nal = Buffer.alloc(5000, 1).fill(0x65, 0, 1);
    const payloads = new RtpPacketizer({ sequence: 0, ssrc: 1 }).pack([nal], 0).map((packet) => packet.subarray(12));
    expect(payloads.every((payload) => payload.length <= MAX_PAYLOAD)).toBe(true);
    expect(payloads.map((payload) => payload[1])).toEqual([0x85, 0x05, 0x05, 0x45]);
    const first = payloads[0] as Buffer;
    const joined = Buffer.concat([Buffer.of(((first[0] as number) & 0xe0) | ((first[1] as number) & 0x1f)), ...payloads.map((payload) => payload.subarray(2))]);
    expect(joined).toEqual(nal);
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
  const clip = readH264Clip(DEMO_CLIP);

  it('counts on over loops', () => {
    const camera = new RtspCamera(clip, { path: 'a', startSeconds: 81 });
    expect(camera.lastKeyIndex()).toBe(795);
    expect(camera.timeOf(795 + 10)).toBe(79_500 + 1000);
    expect(camera.nalsOf(795)[0]).toEqual(clip.sps);
  });

  it('announces foreign parameter sets when told to', () => {
    const camera = new RtspCamera(clip, { path: 'a', fault: 'wrong-sps' });
    expect(camera.describe()).not.toContain(clip.sps.toString('base64'));
    expect(camera.nalsOf(0)[0]).not.toEqual(clip.sps);
  });
});
