import { randomBytes, randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { challenge, isAuthorized } from './rtsp-auth.js';
import type { RtspCamera } from './rtsp-camera.js';
import { formatResponse, RtspRequestReader, type RtspRequest } from './rtsp-message.js';
import { RtpPacketizer } from './rtp-packetizer.js';

/** A client that reads this slowly loses pictures, as with a real camera. */
const MAX_UNSENT_BYTES = 4_000_000;
const CLOCK_KHZ = 90;

/** One TCP connection of one client: RTSP requests in, interleaved RTP out. */
export class RtspSession {
  readonly #socket: Socket;
  readonly #cameras: ReadonlyMap<string, RtspCamera>;
  readonly #reader = new RtspRequestReader();
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #id = randomBytes(6).toString('hex');
  readonly #packetizer = new RtpPacketizer({ sequence: randomInt(65536), ssrc: randomInt(2 ** 31) });
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Socket, cameras: ReadonlyMap<string, RtspCamera>) {
    this.#socket = socket;
    this.#cameras = cameras;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const request of this.#reader.push(chunk)) this.#answer(request);
    });
    socket.on('close', () => this.close());
    socket.on('error', () => this.close());
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket.destroy();
  }

  #answer(request: RtspRequest): void {
    if (request.method === 'OPTIONS') return this.#reply(request, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER' });
    const camera = this.#cameras.get(pathOf(request.url));
    if (camera === undefined) return this.#refuse(request, 404, 'Not Found');
    if (camera.fault === 'refuse') return this.close();
    if (camera.user !== null && !isAuthorized(camera.user, this.#nonce, request.method, request.headers.get('authorization'))) {
      return this.#refuse(request, 401, 'Unauthorized', { 'WWW-Authenticate': challenge(camera.user, this.#nonce) });
    }
    switch (request.method) {
      case 'DESCRIBE':
        return this.#reply(request, { 'Content-Base': `${request.url.replace(/\/$/, '')}/`, 'Content-Type': 'application/sdp' }, camera.describe());
      case 'SETUP':
        return this.#setUp(request);
      case 'PLAY':
        return this.#play(request, camera);
      case 'TEARDOWN':
        this.#reply(request, { Session: this.#id });
        return this.close();
      default:
        return this.#reply(request, { Session: this.#id });
    }
  }

  #setUp(request: RtspRequest): void {
    if (!(request.headers.get('transport') ?? '').includes('TCP')) return this.#refuse(request, 461, 'Unsupported Transport');
    this.#reply(request, { Session: `${this.#id};timeout=60`, Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
  }

  #play(request: RtspRequest, camera: RtspCamera): void {
    const index = camera.lastKeyIndex();
    const info = `url=${request.url};seq=${this.#packetizer.nextSequence};rtptime=${Math.round(camera.timeOf(index) * CLOCK_KHZ) % 2 ** 32}`;
    this.#reply(request, { Session: this.#id, Range: 'npt=now-', 'RTP-Info': info });
    this.#sendFrom(camera, index);
  }

  /** Sends everything that is due, then sleeps until the next picture. */
  #sendFrom(camera: RtspCamera, index: number): void {
    if (this.#socket.destroyed) return;
    let next = index;
    for (; camera.timeOf(next) <= camera.nowMs(); next += 1) this.#send(camera, next);
    this.#timer = setTimeout(() => this.#sendFrom(camera, next), Math.max(1, camera.timeOf(next) - camera.nowMs()));
  }

  #send(camera: RtspCamera, index: number): void {
    if (camera.fault === 'refuse') return this.close();
    if (camera.fault === 'stall' || this.#socket.writableLength > MAX_UNSENT_BYTES) return;
    if (camera.fault === 'no-keys' && camera.isKey(index)) return;
    const timestamp = Math.round(camera.timeOf(index) * CLOCK_KHZ);
    const packets = this.#packetizer.pack(camera.nalsOf(index), timestamp);
    for (const packet of packets) {
      if (camera.fault === 'garbage') randomBytes(packet.length - 12).copy(packet, 12);
      if (camera.fault === 'bit-flips' && randomInt(4) === 0) flipBit(packet);
      const frame = Buffer.alloc(4);
      frame[0] = 0x24;
      frame.writeUInt16BE(packet.length, 2);
      this.#socket.write(Buffer.concat([frame, packet]));
    }
    camera.sent += 1;
  }

  #reply(request: RtspRequest, headers: Record<string, string>, body = ''): void {
    this.#socket.write(formatResponse(200, 'OK', request, headers, body));
  }

  #refuse(request: RtspRequest, status: number, text: string, headers: Record<string, string> = {}): void {
    this.#socket.write(formatResponse(status, text, request, headers));
  }
}

/** Turns one bit of the payload, past the bytes that say which unit this is. */
function flipBit(packet: Buffer): void {
  if (packet.length < 40) return;
  const at = randomInt(20, packet.length);
  packet[at] = (packet[at] as number) ^ (1 << randomInt(8));
}

/** First part of the path: `rtsp://host/cam1/trackID=0` is `cam1`. */
function pathOf(url: string): string {
  return (URL.parse(url)?.pathname ?? '').split('/')[1] ?? '';
}
