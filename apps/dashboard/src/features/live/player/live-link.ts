import { LiveMessage, decodeLivePacket, type CameraStream, type LivePacket } from '@argus/contracts';

export interface LiveLinkListener {
  readonly onMessage: (message: LiveMessage) => void;
  readonly onPacket: (packet: LivePacket) => void;
  /** The link stands, or is lost and tried again. */
  readonly onOpen: (open: boolean) => void;
}

const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** Wait before the nth try: doubles up to its ceiling, with jitter so that sixteen tiles do not come back in one instant. */
export const retryDelayMs = (attempt: number, random: number): number => {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * random;
};

/** The WebSocket of a live view of one of a camera's streams; comes back by itself until it is closed. */
export class LiveLink {
  readonly #url: string;
  readonly #listener: LiveLinkListener;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #closed = false;

  constructor(cameraId: string, stream: CameraStream, listener: LiveLinkListener) {
    const { protocol, host } = window.location;
    this.#url = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/cameras/${encodeURIComponent(cameraId)}/live?stream=${stream}`;
    this.#listener = listener;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#listener.onOpen(true);
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.#closed) return;
      this.#attempt = 0;
      if (typeof data !== 'string') return this.#listener.onPacket(decodeLivePacket(new Uint8Array(data)));
      const message = LiveMessage.safeParse(JSON.parse(data));
      if (message.success) this.#listener.onMessage(message.data);
    };
    socket.onclose = () => {
      if (this.#closed) return;
      this.#listener.onOpen(false);
      this.#timer = setTimeout(() => this.#connect(), retryDelayMs(this.#attempt++, Math.random()));
    };
    this.#socket = socket;
  }
}
