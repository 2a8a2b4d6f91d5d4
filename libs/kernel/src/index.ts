export { ArgusError, messageOf } from './errors.js';
export { systemClock, isoTime, type Clock } from './clock.js';
export { newId } from './id.js';
export { Backoff, type BackoffOptions } from './backoff.js';
export { redactCredentials } from './redact.js';
export { createLogger, silentLogger, LOG_LEVELS, type Logger, type LogLevel, type LogFields, type LoggerOptions } from './logger.js';
export { CounterRate, RateWindow, ValueWindow } from './windows.js';
