import type { Locale } from '../../i18n/locale.js';

/** An example program as the page shows it: what the head of its file says, and its text. */
export interface Example {
  /** Name of its file without its ending, or of its folder: it is in the address, where a dot would mean a file. */
  readonly name: string;
  /** From the folder of the examples. */
  readonly file: string;
  readonly title: Readonly<Record<Locale, string>>;
  readonly summary: Readonly<Record<Locale, string>>;
  readonly keywords: readonly string[];
  /** Permissions of the key; other things that have to be there. */
  readonly needs: string;
  readonly command: string;
  /** What may stand behind the command. */
  readonly options: readonly string[];
  readonly source: string;
  /** The other files of its folder, where it has one. */
  readonly parts: readonly { readonly file: string; readonly source: string }[];
}

const FIELD = /^\s*(?:\*|#|\/\/)?\s*@([\w:]+)\s+(.+?)\s*$/;
/** In the line of the command, as everywhere: `[--stay]`. */
const OPTION = /\s*\[([^\]]*)\]/g;
const WANTED = ['title', 'title:zh', 'summary', 'summary:zh', 'keywords', 'needs', 'run'] as const;

const fileOf = (path: string): string => path.replace(/^.*?\bexamples\//, '');

/** Reads the comment that a file begins with: lines like `@title Receive a webhook`. `all` has the other files by path. @throws Error that names what is missing */
export function readExample(path: string, source: string, all: Readonly<Record<string, string>> = {}): Example {
  const file = fileOf(path);
  const folder = file.includes('/') ? `${file.split('/')[0]}/` : null;
  const fields = new Map<string, string>();
  for (const line of source.split('\n').slice(0, 30)) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name && value && !fields.has(name)) fields.set(name, value);
  }
  const get = (name: (typeof WANTED)[number]): string => {
    const value = fields.get(name);
    if (value === undefined) throw new Error(`examples/${file}: expected a line "@${name} …" in the comment at its beginning`);
    return value;
  };
  return {
    name: folder?.slice(0, -1) ?? file.replace(/\.\w+$/, ''), file, source,
    parts: Object.entries(all).map(([part, text]) => ({ file: fileOf(part), source: text })).filter((part) => folder !== null && part.file.startsWith(folder)),
    title: { en: get('title'), zh: get('title:zh') },
    summary: { en: get('summary'), zh: get('summary:zh') },
    keywords: get('keywords').split(',').map((word) => word.trim()).filter(Boolean),
    needs: get('needs'),
    command: get('run').replace(OPTION, '').trim(),
    options: [...get('run').matchAll(OPTION)].map((match) => match[1] as string),
  };
}

/** Whether every one of some words is in title, summary, keywords or name, in either language. */
export function fitsExample({ file, title, summary, keywords }: Example, words: string): boolean {
  const text = [file, ...Object.values(title), ...Object.values(summary), ...keywords].join('\n').toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}
