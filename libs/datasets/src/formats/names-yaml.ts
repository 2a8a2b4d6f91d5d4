import { DatasetFileError } from '../errors.js';

/** What a data.yaml of YOLO says. */
export interface YoloYaml {
  readonly names: ReadonlyMap<number, string>;
  /** Folders or lists of files, as they are spelled. */
  readonly splits: Readonly<Partial<Record<'train' | 'val' | 'test', readonly string[]>>>;
  readonly path: string;
  /** Numbers for each key point, 2 or 3; 0 where there are none. */
  readonly pointSize: number;
}

/**
 * The part of YAML that these files use: keys at the margin with a scalar, a list ([a, b] or lines of "- a") or a mapping of numbers
 * ({0: a} or lines of "0: a"). Other keys are passed over. Throws DatasetFileError with the line.
 */
export function readYoloYaml(file: string, text: string): YoloYaml {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const blocks = new Map<string, { line: number; value: string; below: { line: number; text: string }[] }>();
  let block: { line: number; value: string; below: { line: number; text: string }[] } | null = null;
  for (const [i, raw] of lines.entries()) {
    const line = withoutComment(raw);
    if (line.trim() === '' || line === '---') continue;
    const head = /^(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*:(?:\s+([\s\S]*))?$/.exec(line);
    if (head && !(block && isOpen(block.value))) {
      block = { line: i + 1, value: (head[4] ?? '').trim(), below: [] };
      blocks.set((head[1] ?? head[2] ?? head[3])!, block);
    } else if (!block) throw new DatasetFileError(`${file}: line ${i + 1}: expected "key: value", found ${JSON.stringify(raw.slice(0, 60))}`, { file, line: i + 1 });
    else if (isOpen(block.value)) block.value += ` ${line.trim()}`;
    else block.below.push({ line: i + 1, text: line.trim() });
  }
  const listOf = (key: string): [number | null, string][] => {
    const found = blocks.get(key);
    if (!found) return [];
    if (found.value !== '') return flow(file, found.line, found.value);
    return found.below.map(({ line, text: one }) => (one.startsWith('- ') ? [null, scalar(file, line, one.slice(2))] : pair(file, line, one)));
  };
  const names = new Map(listOf('names').map(([key, name], i) => [key ?? i, name]));
  const splits = Object.fromEntries((['train', 'val', 'test'] as const).map((key) => [key, listOf(key).map(([, value]) => value).filter((value) => value !== '')]));
  const shape = listOf('kpt_shape').map(([, value]) => Number(value));
  return { names, splits, path: listOf('path')[0]?.[1] ?? '', pointSize: shape[1] === 2 || shape[1] === 3 ? shape[1] : 0 };
}

/** A flow list or mapping goes on over lines until its bracket closes. */
function isOpen(value: string): boolean {
  return /^[[{]/.test(value) && !/[\]}]\s*$/.test(value);
}

function flow(file: string, line: number, value: string): [number | null, string][] {
  if (!/^[[{]/.test(value)) return [[null, scalar(file, line, value)]];
  const inner = value.slice(1, value.length - 1);
  const parts = inner.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,"']|(?<=\w)')+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '').map((part) => (value.startsWith('{') ? pair(file, line, part) : [null, scalar(file, line, part)]));
}

function pair(file: string, line: number, text: string): [number, string] {
  const found = /^["']?(\d+)["']?\s*:\s*([\s\S]*)$/.exec(text);
  if (!found) throw new DatasetFileError(`${file}: line ${line}: expected "number: name" or "- name", found ${JSON.stringify(text.slice(0, 60))}`, { file, line });
  return [Number(found[1]), scalar(file, line, found[2]!)];
}

function scalar(file: string, line: number, text: string): string {
  const value = text.trim();
  if (value.startsWith("'") && value.endsWith("'") && value.length > 1) return value.slice(1, -1).replaceAll("''", "'");
  if (!value.startsWith('"')) return value === '~' || value === 'null' ? '' : value;
  try {
    // YAML knows \x and \U beside what JSON knows.
    const json = value.replace(/\\U([0-9a-f]{8})/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))).replace(/\\x([0-9a-f]{2})/gi, '\\u00$1');
    return JSON.parse(json) as string;
  } catch (cause) {
    throw new DatasetFileError(`${file}: line ${line}: expected text in quotes, found ${value.slice(0, 60)}`, { file, line }, { cause });
  }
}

function withoutComment(line: string): string {
  let quote = '';
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i]!;
    if (quote === '"' && char === '\\') i += 1;
    else if (quote) quote = char === quote ? '' : quote;
    else if ((char === '"' || char === "'") && (i === 0 || /[\s[{,:]/.test(line[i - 1]!))) quote = char;
    else if (char === '#' && (i === 0 || /\s/.test(line[i - 1]!))) return line.slice(0, i).trimEnd();
  }
  return line.trimEnd();
}
