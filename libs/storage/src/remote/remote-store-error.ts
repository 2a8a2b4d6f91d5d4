import { ArgusError, messageOf } from '@argus/kernel';

/** `away`: it does not answer, or says that it cannot now; `refused`: it answers and does not want to; `damaged`: what it has is not what was given. */
export type RemoteTrouble = 'away' | 'refused' | 'damaged';

/** The second tier did not do what was asked. The message names address and bucket, never a key. */
export class RemoteStoreError extends ArgusError {
  readonly code: string;
  constructor(
    readonly trouble: RemoteTrouble,
    where: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${message}`, {}, options);
    this.code = `remote.${trouble}`;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket; make it first (ARGUS_S3_BUCKET)',
  AccessDenied: 'these keys may not do this in the bucket',
  InvalidAccessKeyId: 'the access key is not known there (ARGUS_S3_ACCESS_KEY)',
  SignatureDoesNotMatch: 'the secret key does not fit the access key (ARGUS_S3_SECRET_KEY), or a clock is wrong',
  RequestTimeTooSkewed: 'the clocks of this machine and of the store differ by too much',
  QuotaExceeded: 'the quota of the bucket is used up',
};

/** How the client tells of an answer after which it would try again, if it were let. */
const STATUS = /Retryable HTTP status: (\d+)/;

/** An error of the client or of the network in our words. Whoever answers with a code of its own has understood and refuses. */
export function remoteError(where: string, error: unknown): RemoteStoreError {
  if (error instanceof RemoteStoreError) return error;
  const { code = '', name = '' } = error as { code?: string; name?: string };
  const isAnswer = name === 'S3Error' && !['InternalError', 'ServiceUnavailable', 'SlowDown', 'RequestTimeout'].includes(code);
  const status = STATUS.exec(messageOf(error))?.[1];
  const words = status === undefined ? messageOf(error) || code || 'no answer' : `it answers with status ${status}: it is overloaded, or not ready`;
  return new RemoteStoreError(isAnswer ? 'refused' : 'away', where, WORDS[code] ?? words, { cause: error });
}
