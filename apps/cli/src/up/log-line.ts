import { redactCredentials } from '@argus/kernel';

/** A warning or error of a child as a person reads it. */
export interface LogLine {
  readonly level: 'warn' | 'error';
  readonly text: string;
}

const QUIET_FIELDS = new Set(['time', 'level', 'name', 'message']);
const MAX_FIELD_LENGTH = 300;

/**
 * What of a child's output belongs on the console: warnings and errors of its JSON log, and anything that is no JSON log line
 * at all (a stack trace, a native library). Everything else is in the log file only: null.
 */
export function consoleLine(line: string): LogLine | null {
  const record = parseRecord(line);
  if (record === null) return line.trim() === '' ? null : { level: 'warn', text: redactCredentials(line) };
  const level = record['level'];
  if (level !== 'warn' && level !== 'error') return null;
  const fields = Object.entries(record)
    .filter(([key]) => !QUIET_FIELDS.has(key))
    .map(([key, value]) => `${key}=${shorten(typeof value === 'string' ? value : JSON.stringify(value))}`);
  return { level, text: redactCredentials([String(record['message'] ?? ''), ...fields].join('  ')) };
}

function parseRecord(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const shorten = (text: string): string => (text.length > MAX_FIELD_LENGTH ? `${text.slice(0, MAX_FIELD_LENGTH)}…` : text);
