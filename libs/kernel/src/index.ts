export { ArgusError, messageOf } from './errors.js';
export { systemClock, isoTime, machineMs, type Clock } from './clock.js';
export { newId } from './id.js';
export { Backoff, type BackoffOptions } from './backoff.js';
export { redactCredentials } from './redact.js';
export { createLogger, silentLogger, LOG_LEVELS, type Logger, type LogLevel, type LogFields, type LoggerOptions } from './logger.js';
export { Histogram } from './histogram.js';
export { newSpanId, newTraceId, parseTraceparent, rootSpanIdOf, spanIdOf, traceIdOf, traceparentOf, type TraceContext } from './trace-context.js';
export { CounterRate, RateWindow, ValueWindow } from './windows.js';
