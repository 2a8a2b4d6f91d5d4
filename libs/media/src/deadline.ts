/**
 * Waits for `work` at most `limitMs`. When time is up or the signal fires, rejects at once and leaves the work to `late`, which
 * is to tidy up behind it: native calls cannot be called off safely.
 */
export async function deadline<T>(work: Promise<T>, limitMs: number, signal: AbortSignal | undefined, late: () => Promise<void>, onTimeout: () => Error): Promise<T> {
  let finished = false;
  let stop = () => {};
  const gaveUp = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    const timer = setTimeout(() => reject(onTimeout()), limitMs);
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
