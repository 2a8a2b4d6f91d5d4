import { lookup } from 'node:dns/promises';
import { constants } from 'node:os';
import type { OfflineReason } from '@argus/contracts';
import {
  AVERROR_DECODER_NOT_FOUND,
  AVERROR_DEMUXER_NOT_FOUND,
  AVERROR_EOF,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
  AVERROR_PROTOCOL_NOT_FOUND,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';
import type { SourcePlan } from './sources/source-plan.js';
import { SourceError } from './source-error.js';

type Explanation = readonly [OfflineReason, string];
const { errno } = constants;

/** Sentences follow the source's name: "rtsp://… refused the connection." */
const EXPLANATIONS: ReadonlyMap<number, Explanation> = new Map<number, Explanation>([
  [-errno.ECONNREFUSED, ['refused', 'refused the connection: nothing listens on this port, or a firewall rejects it.']],
  [-errno.ECONNRESET, ['refused', 'closed the connection.']],
  [-errno.EPIPE, ['refused', 'closed the connection.']],
  [-errno.EHOSTUNREACH, ['unreachable', 'cannot be reached: no route to this host.']],
  [-errno.ENETUNREACH, ['unreachable', 'cannot be reached: no route to this network.']],
  [-errno.ETIMEDOUT, ['timeout', 'did not answer in time.']],
  [-errno.EAGAIN, ['timeout', 'did not answer in time.']],
  [-errno.ENOENT, ['not-found', 'does not exist.']],
  [-errno.EACCES, ['unauthorized', 'may not be read.']],
  [AVERROR_HTTP_UNAUTHORIZED, ['unauthorized', 'refused the user name or password.']],
  [AVERROR_HTTP_FORBIDDEN, ['unauthorized', 'does not let this user see the stream (403).']],
  [AVERROR_HTTP_NOT_FOUND, ['not-found', 'answered, but has no stream at this path (404).']],
  [AVERROR_HTTP_BAD_REQUEST, ['unsupported', 'did not understand the request (400).']],
  [AVERROR_HTTP_TOO_MANY_REQUESTS, ['refused', 'says that it has too many clients (429).']],
  [AVERROR_HTTP_OTHER_4XX, ['refused', 'refused the request (4xx).']],
  [AVERROR_HTTP_SERVER_ERROR, ['refused', 'reported an error of its own (5xx).']],
  [AVERROR_INVALIDDATA, ['corrupt', 'sent data that is not a readable video stream.']],
  [AVERROR_EOF, ['ended', 'ended the stream before a picture came.']],
  [AVERROR_DEMUXER_NOT_FOUND, ['unsupported', 'sends a format that is not supported.']],
  [AVERROR_DECODER_NOT_FOUND, ['unsupported', 'sends a codec that is not supported.']],
  [AVERROR_PROTOCOL_NOT_FOUND, ['unsupported', 'uses a protocol that is not supported or not allowed.']],
  [AVERROR_STREAM_NOT_FOUND, ['unsupported', 'has no video stream.']],
]);

/** Turns a native error into a reason and a sentence. Looks the host up when the native library only says "input/output error". */
export async function explainFailure(plan: SourcePlan, code: number): Promise<SourceError> {
  const known = EXPLANATIONS.get(code);
  const [reason, sentence] = known ?? (await explainUnknown(plan, code));
  return new SourceError(reason, `${plan.name} ${sentence}`);
}

async function explainUnknown(plan: SourcePlan, code: number): Promise<Explanation> {
  const host = URL.parse(plan.input)?.hostname ?? '';
  if (plan.kind !== 'file' && host !== '') {
    const found = await lookup(host.replace(/^\[|\]$/g, '')).catch(() => null);
    if (found === null) return ['unreachable', `cannot be reached: the host name ${host} is not known.`];
  }
  if (code === -errno.EIO) return ['corrupt', 'broke off or sent something that is not a video stream.'];
  return ['unknown', `failed: ${FFmpegError.strerror(code)}.`];
}
