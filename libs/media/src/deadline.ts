/**
 * Waits for `work` at most `limitMs`. When time is up or the signal fires, rejects at once and leaves the work to `late`, which
 * is to tidy up behind it: native calls cannot be called off safely. `onTimeout` may grant more milliseconds instead of an error.
 */
export async function deadline<T>(work: Promise<T>, limitMs: number, signal: AbortSignal | undefined, late: () => Promise<void>, onTimeout: () => Error | number): Promise<T> {
  let finished = false;
  let stop = () => {};
  const gaveUp = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    let timer: NodeJS.Timeout;
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        const verdict = onTimeout();
        if (typeof verdict === 'number') wait(verdict);
        else reject(verdict);
      }, ms);
    };
    wait(limitMs);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work.finally(() => (finished = true)), gaveUp]);
  } catch (error) {
    if (!finished) void late();
    throw error;
  } finally {
    stop();
  }
}
