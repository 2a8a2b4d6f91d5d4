import { DatasetJobOptions } from '@argus/contracts';
import { UsageError } from '../errors.js';

type Parts = { [key: string]: unknown };

/** `count=100 target.kind=focus labels[]=car`: what a job is to do, as the API has it. Values are JSON where they are that, else text. @throws UsageError */
export function jobParts(kind: string, words: readonly string[]): Parts {
  const parts: Parts = { kind };
  for (const word of words) {
    const [, path, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (path === undefined || text === undefined || path.split('.').some((key) => key === '' || key === '__proto__')) throw new UsageError(`expected KEY=VALUE, e.g. count=100 or target.kind=focus, got "${word}"`);
    put(parts, path, valueOf(text));
  }
  return parts;
}

/** @throws UsageError naming the key */
export function checkedJob(parts: Parts): DatasetJobOptions {
  const parsed = DatasetJobOptions.safeParse(parts);
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.find(({ code, path }) => code === 'invalid_union' && path.join('.') === 'kind');
  if (unknown) throw new UsageError(`expected a kind of job (${KINDS.join(', ')}), got "${String(parts['kind'])}"`);
  throw new UsageError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** What can be asked for. */
export const KINDS = DatasetJobOptions.options.map((option) => option.shape.kind.value);

function put(parts: Parts, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let place = parts;
  for (const key of keys) {
    const inner = Object.hasOwn(place, key) ? place[key] : (place[key] = {});
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) throw new UsageError(`"${path}": ${key} has a value of its own already`);
    place = inner as Parts;
  }
  if (!last.endsWith('[]')) place[last] = value;
  else {
    const name = last.slice(0, -2);
    place[name] = [...(Array.isArray(place[name]) ? (place[name] as unknown[]) : []), value];
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
