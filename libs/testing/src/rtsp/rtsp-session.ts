import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { challenge, isAuthorized } from './rtsp-auth.js';
import type { RtspCamera, Viewer } from './rtsp-camera.js';
import { formatResponse, RtspRequestReader, type RtspRequest } from './rtsp-message.js';

/** A client that reads this slowly loses pictures, as with a real camera. */
const MAX_UNSENT_BYTES = 4_000_000;

/** One TCP connection of one client: RTSP requests in, interleaved RTP out. */
export class RtspSession implements Viewer {
  readonly #reader = new RtspRequestReader();
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #id = randomBytes(6).toString('hex');
  #camera: RtspCamera | null = null;
  hears = false;

  constructor(
    private readonly socket: Socket,
    private readonly cameras: ReadonlyMap<string, RtspCamera>,
    private readonly onPlay: () => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const request of this.#reader.push(chunk)) this.#answer(request);
    });
    socket.on('close', () => this.hangUp());
    socket.on('error', () => this.hangUp());
  }

  take(bytes: Buffer): boolean {
    if (!this.socket.writable || this.socket.writableLength > MAX_UNSENT_BYTES) return false;
    this.socket.write(bytes);
    return true;
  }

  hangUp(): void {
    this.#camera?.leave(this);
    this.socket.destroySoon();
  }

  #answer(request: RtspRequest): void {
    const camera = this.cameras.get(pathOf(request.url));
    if (camera?.fault === 'power-cut') return;
    if (request.method === 'OPTIONS') return this.#reply(request, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER' });
    if (camera === undefined) return this.#refuse(request, 404, 'Not Found');
    if (this.#camera === null) camera.connections += 1;
    this.#camera = camera;
    if (camera.fault === 'refuse') return this.hangUp();
    if (camera.user !== null && !isAuthorized(camera.user, this.#nonce, request.method, request.headers.get('authorization'))) {
      return this.#refuse(request, 401, 'Unauthorized', { 'WWW-Authenticate': challenge(camera.user, this.#nonce) });
    }
    switch (request.method) {
      case 'DESCRIBE':
        return this.#reply(request, { 'Content-Base': `${request.url.replace(/\/$/, '')}/`, 'Content-Type': 'application/sdp' }, camera.describe());
      case 'SETUP':
        return this.#setUp(request, camera);
      case 'PLAY':
        return this.#play(request, camera);
      case 'TEARDOWN':
        this.#reply(request, { Session: this.#id });
        return this.hangUp();
      default:
        return this.#reply(request, { Session: this.#id });
    }
  }

  #setUp(request: RtspRequest, { sound }: RtspCamera): void {
    const isSound = request.url.endsWith('trackID=1');
    if (isSound && sound?.fault === 'refused') return this.#refuse(request, 500, 'Internal Server Error');
    this.hears ||= isSound;
    if (!(request.headers.get('transport') ?? '').includes('TCP')) return this.#refuse(request, 461, 'Unsupported Transport');
    this.#reply(request, { Session: `${this.#id};timeout=60`, Transport: `RTP/AVP/TCP;unicast;interleaved=${isSound ? '2-3' : '0-1'}` });
  }

  #play(request: RtspRequest, camera: RtspCamera): void {
    const { sequence, timestamp } = camera.start();
    const sound = this.hears ? camera.startSound() : null;
    const base = request.url.replace(/\/$/, '');
    const more = sound === null ? '' : `,url=${base}/trackID=1;seq=${sound.sequence};rtptime=${sound.timestamp}`;
    this.#reply(request, { Session: this.#id, Range: 'npt=now-', 'RTP-Info': `url=${sound === null ? request.url : `${base}/trackID=0`};seq=${sequence};rtptime=${timestamp}${more}` });
    // What is due at once leaves in one piece.
    this.socket.cork();
    camera.join(this);
    this.onPlay();
    this.socket.uncork();
  }

  #reply(request: RtspRequest, headers: Record<string, string>, body = ''): void {
    this.socket.write(formatResponse(200, 'OK', request, headers, body));
  }

  #refuse(request: RtspRequest, status: number, text: string, headers: Record<string, string> = {}): void {
    this.socket.write(formatResponse(status, text, request, headers));
  }
}

/** First part of the path: `rtsp://host/cam1/trackID=0` is `cam1`. */
function pathOf(url: string): string {
  return (URL.parse(url)?.pathname ?? '').split('/')[1] ?? '';
}
