import type { Reporter } from './reporter.js';

/** Ctrl+C arrives up to three times at once: from the terminal, from npm and from the start script. */
const SAME_PRESS_MS = 1500;
const PARENT_CHECK_MS = 250;

export interface StopSignal {
  /** Fulfilled at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: Promise<'stop'>;
  /** Back to the default behaviour of signals. */
  release(): void;
}

/**
 * One Ctrl+C stops in order. A second one, pressed later, ends at once: children notice the broken channel and end by themselves.
 * `npm start` sets ARGUS_STOP_WITH_PARENT: when it was killed, nobody is left who could press Ctrl+C.
 */
export function stopSignal(reporter: Reporter, env: NodeJS.ProcessEnv): StopSignal {
  let stop: (value: 'stop') => void;
  const signal = new Promise<'stop'>((resolve) => (stop = resolve));
  let firstAtMs: number | null = null;
  const onSignal = (name: NodeJS.Signals) => {
    const nowMs = performance.now();
    if (firstAtMs === null) {
      firstAtMs = nowMs;
      reporter.step(name === 'SIGINT' ? 'Ctrl+C: stopping …' : `${name}: stopping …`);
      stop('stop');
    } else if (name === 'SIGINT' && nowMs - firstAtMs > SAME_PRESS_MS) {
      reporter.step('Ctrl+C again: ending at once.');
      process.exit(130);
    }
  };
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent && firstAtMs === null) onSignal('SIGHUP');
  }, PARENT_CHECK_MS);
  watch.unref();
  if (env['ARGUS_STOP_WITH_PARENT'] !== '1') clearInterval(watch);
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal,
    release: () => {
      clearInterval(watch);
      for (const name of names) process.off(name, onSignal);
    },
  };
}
