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
const NO_ANSWER: Explanation = ['timeout', 'did not answer in time.'];

/** Sentences follow the source's name: "rtsp://… refused the connection." */
const EXPLANATIONS: ReadonlyMap<number, Explanation> = new Map<number, Explanation>([
  [-errno.ECONNREFUSED, ['refused', 'refused the connection: nothing listens on this port, or a firewall rejects it.']],
  [-errno.ECONNRESET, ['refused', 'closed the connection.']],
  [-errno.EPIPE, ['refused', 'closed the connection.']],
  [-errno.EHOSTUNREACH, ['unreachable', 'cannot be reached: no route to this host.']],
  [-errno.ENETUNREACH, ['unreachable', 'cannot be reached: no route to this network.']],
  [-errno.ETIMEDOUT, NO_ANSWER],
  [-errno.EAGAIN, NO_ANSWER],
  [-errno.ENOENT, ['not-found', 'does not exist.']],
  [-errno.EINVAL, ['forbidden-url', 'is wrong, or leads to an address that may not be opened.']],
  [-errno.EACCES, ['unauthorized', 'may not be read.']],
  [AVERROR_HTTP_UNAUTHORIZED, ['unauthorized', 'refused the user name or password.']],
  [AVERROR_HTTP_FORBIDDEN, ['unauthorized', 'does not let this user see the stream (403).']],
  [AVERROR_HTTP_NOT_FOUND, ['not-found', 'answered, but has no stream at this path (404).']],
  [AVERROR_HTTP_BAD_REQUEST, ['unsupported', 'did not understand the request (400).']],
  [AVERROR_HTTP_TOO_MANY_REQUESTS, ['refused', 'says that it has too many clients (429).']],
  [AVERROR_HTTP_OTHER_4XX, ['refused', 'refused the request (4xx).']],
  [AVERROR_HTTP_SERVER_ERROR, ['refused', 'reported an error of its own (5xx).']],
  [AVERROR_EOF, ['ended', 'ended the stream before a picture came.']],
  [AVERROR_DEMUXER_NOT_FOUND, ['unsupported', 'sends a format that is not supported.']],
  [AVERROR_DECODER_NOT_FOUND, ['unsupported', 'sends a codec that is not supported.']],
  [AVERROR_PROTOCOL_NOT_FOUND, ['unsupported', 'uses a protocol that is not supported or not allowed.']],
  [AVERROR_STREAM_NOT_FOUND, ['unsupported', 'has no video stream.']],
]);

/**
 * Turns a native error into a reason and a sentence. `elapsedMs` tells silence from bad data, which both come back as "invalid
 * data"; the host is looked up when the native library only says "input/output error".
 */
export async function explainFailure(plan: SourcePlan, code: number, elapsedMs = 0): Promise<SourceError> {
  const [reason, sentence] = isSilence(plan, code, elapsedMs) ? NO_ANSWER : (EXPLANATIONS.get(code) ?? (await explainUnknown(plan, code)));
  return new SourceError(reason, `${plan.name} ${sentence}`);
}

function isSilence(plan: SourcePlan, code: number, elapsedMs: number): boolean {
  return plan.kind !== 'file' && (code === AVERROR_INVALIDDATA || code === -errno.EIO) && elapsedMs >= plan.readTimeoutMs * 0.95;
}

/** Codes that mean several things. */
async function explainUnknown(plan: SourcePlan, code: number): Promise<Explanation> {
  if (plan.kind === 'rtsp' && code === AVERROR_INVALIDDATA) return ['corrupt', 'closed the connection or sent something that is not RTSP.'];
  const host = URL.parse(plan.input)?.hostname ?? '';
  if (code !== AVERROR_INVALIDDATA && plan.kind !== 'file' && host !== '') {
    const found = await lookup(host.replace(/^\[|\]$/g, '')).catch(() => null);
    if (found === null) return ['unreachable', `cannot be reached: the host name ${host} is not known.`];
  }
  if (code === AVERROR_INVALIDDATA || code === -errno.EIO) return ['corrupt', plan.kind === 'file' ? 'is not a readable video clip.' : 'broke off or sent something that is not a readable video stream.'];
  return ['unknown', `failed: ${FFmpegError.strerror(code)}.`];
}
