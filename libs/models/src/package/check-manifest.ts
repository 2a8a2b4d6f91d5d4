import { ModelManifest } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelPackageError } from '../errors.js';
import { MANIFEST_FILE } from './package-limits.js';

/** Parses manifest.json; the error names the first wrong field, what it should be and what it is. */
export function parseManifest(path: string, bytes: Uint8Array): ModelManifest {
  const json = parseJson(path, bytes);
  const result = ModelManifest.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = (issue?.path ?? []).map(String);
  throw new ModelPackageError(path, [MANIFEST_FILE, ...field].join(' '), issue?.message ?? 'another shape', shown(valueAt(json, field)));
}

export function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelPackageError(path, MANIFEST_FILE, 'JSON in UTF-8', messageOf(error), { cause: error });
  }
}

function valueAt(json: unknown, field: readonly string[]): unknown {
  let value = json;
  for (const key of field) value = value !== null && typeof value === 'object' ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
  return value;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
