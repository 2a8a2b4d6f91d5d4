import { describe, expect, it } from 'vitest';
import { newId } from './id.js';
import { newSpanId, newTraceId, parseTraceparent, spanIdOf, traceIdOf, traceparentOf } from './trace-context.js';

describe('trace context', () => {
  it('is read as it was written', () => {
    const traceId = traceIdOf(newId());
    for (const spanId of [newSpanId(), spanIdOf('a', 1)]) expect(parseTraceparent(traceparentOf(traceId, spanId))).toEqual({ traceId, spanId, sampled: true });
    expect(parseTraceparent(`00-${newTraceId()}-${newSpanId()}-00`)?.sampled).toBe(false);
  });

  it('gives the same id for the same parts, and another for others', () => {
    expect(spanIdOf('event', 1, 'commit')).toBe(spanIdOf('event', 1, 'commit'));
    expect(new Set([spanIdOf('a', 1), spanIdOf('a', 2), spanIdOf('a1'), spanIdOf('b', 1)]).size).toBe(4);
  });

  it.each(['', '00-0-0-01', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`, `01-${'1'.repeat(32)}-${'1'.repeat(16)}-01`, `00-${'A'.repeat(32)}-${'1'.repeat(16)}-01`])('refuses "%s"', (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });
});
