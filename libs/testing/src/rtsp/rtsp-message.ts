export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

const END = '\r\n\r\n';

/** Takes RTSP requests out of a TCP stream; interleaved packets from the client (RTCP reports) are passed over. */
export class RtspRequestReader {
  #rest = Buffer.alloc(0);

  push(chunk: Buffer): RtspRequest[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const requests: RtspRequest[] = [];
    for (;;) {
      if (this.#rest[0] === 0x24) {
        if (this.#rest.length < 4 || this.#rest.length < 4 + this.#rest.readUInt16BE(2)) return requests;
        this.#rest = this.#rest.subarray(4 + this.#rest.readUInt16BE(2));
        continue;
      }
      const end = this.#rest.indexOf(END);
      if (end < 0) return requests;
      const request = parse(this.#rest.toString('utf8', 0, end));
      const body = Number(request.headers.get('content-length') ?? 0);
      if (this.#rest.length < end + END.length + body) return requests;
      this.#rest = this.#rest.subarray(end + END.length + body);
      requests.push(request);
    }
  }
}

export function formatResponse(status: number, text: string, request: RtspRequest, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = { CSeq: request.headers.get('cseq') ?? '0', ...headers, ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) };
  return [`RTSP/1.0 ${status} ${text}`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

function parse(text: string): RtspRequest {
  const [first = '', ...lines] = text.trimStart().split('\r\n');
  const [method = '', url = ''] = first.split(' ');
  const headers = lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return { method, url, headers: new Map(headers) };
}
