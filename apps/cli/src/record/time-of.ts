import { UsageError } from '../errors.js';

/** A time that somebody typed, as milliseconds. Without an offset it is this machine's. */
export function timeOf(name: string, text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw new UsageError(`--${name}: expected a time like 2026-11-20T09:00:00+08:00, got "${text}"`);
  return ms;
}
