import { redactCredentials } from './redact.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
  readonly nowMs?: () => number;
}

/** One JSON object a line on stderr, credentials removed. Never called per packet or per frame: hot paths count instead. */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const { level = 'info', write = (line) => process.stderr.write(line), nowMs = Date.now } = options;
  const lowest = LOG_LEVELS.indexOf(level);
  const log = (at: LogLevel) => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(at) < lowest) return;
    const record = { time: new Date(nowMs()).toISOString(), level: at, name, message, ...fields };
    write(`${redactCredentials(JSON.stringify(record, errorsAsText))}\n`);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
