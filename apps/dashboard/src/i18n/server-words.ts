import type { Locale } from './locale.js';
import type { AreaWords } from './server/area-words.js';
import { exchangeWords } from './server/exchange.js';
import { formatWords } from './server/formats.js';
import { harvestWords } from './server/harvest.js';
import { jobWords } from './server/jobs.js';
import { mediaWords } from './server/media.js';
import { operateWords } from './server/operate.js';
import { packageWords } from './server/packages.js';
import { requestWords } from './server/requests.js';

interface Pattern {
  /** The fixed pieces of the English text; what differs is between them. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
  readonly zh: string;
  /** How many signs the pieces have. */
  readonly fixed: number;
}

/** `known`: so many of its signs are ours to say; of several ways to read a text the one with the most is meant. */
interface Said {
  readonly text: string;
  readonly known: number;
}

/** Of one text: what was found in the parts of it, or a name that repeats our words over and over would take for ever. */
type Memory = Map<string, Said | null>;

const PLACE = /\{([~!]?\w+)\}/g;

/** English to another language; a text without words here is shown as it came (server-texts.spec.ts finds those that a page can show). */
class Words {
  /** By the first sign, so that a text is held against few; '': those that begin with what differs. */
  readonly #patterns = new Map<string, Pattern[]>();

  constructor(...areas: readonly AreaWords[]) {
    for (const area of areas) for (const [text, zh] of Object.entries(area)) this.#add(text, zh);
    for (const list of this.#patterns.values()) list.sort((a, b) => b.fixed - a.fixed);
  }

  #add(text: string, zh: string): void {
    const pieces = text.replace(PLACE, '\0').split('\0');
    const pattern = { pieces, names: [...text.matchAll(PLACE)].map((match) => match[1] as string), zh, fixed: pieces.join('').length };
    const first = (pieces[0] as string).slice(0, 1);
    const list = this.#patterns.get(first);
    if (list) list.push(pattern);
    else this.#patterns.set(first, [pattern]);
  }

  /** What says the most: all of a text, or what is behind the names of what it speaks of ("images.json: line 3: expected …"). null: nothing here says any of it. */
  find(text: string, memory: Memory = new Map()): Said | null {
    const before = memory.get(text);
    if (before !== undefined) return before;
    let best = this.#whole(text, memory);
    for (let at = text.indexOf(': '), parts = 0; at > 0 && parts < MOST_PARTS; at = text.indexOf(': ', at + 1), parts += 1) {
      const said = this.#whole(text.slice(at + 2), memory);
      if (said === null || said.known <= (best?.known ?? 0)) continue;
      const about = text.slice(0, at).split(': ').map((one) => this.#whole(one, memory)?.text ?? one);
      best = { text: [...about, said.text].join('：'), known: said.known };
    }
    memory.set(text, best);
    return best;
  }

  #whole(text: string, memory: Memory): Said | null {
    let best: Said | null = null;
    for (const key of [text.slice(0, 1), '']) {
      for (const pattern of this.#patterns.get(key) ?? []) {
        if (best && best.known >= pattern.fixed) break;
        const said = this.#fill(pattern, text, memory);
        if (said && said.known > (best?.known ?? 0)) best = said;
      }
    }
    return best;
  }

  #fill({ pieces, names, zh, fixed }: Pattern, text: string, memory: Memory): Said | null {
    const values = valuesOf(text, pieces);
    if (!values) return null;
    const said = values.map((value, at) => (/^[~!]/.test(names[at] as string) ? this.find(value, memory) : null));
    if (names.some((name, at) => name.startsWith('!') && said[at] === null)) return null;
    return {
      text: zh.replace(PLACE, (_, name: string) => said[names.indexOf(name)]?.text ?? values[names.indexOf(name)] ?? ''),
      known: said.reduce((sum, one) => sum + (one?.known ?? 0), fixed),
    };
  }
}

/** Names before a text that are looked behind. */
const MOST_PARTS = 6;

/** What stands between the pieces, each found as early as it can be: without going back, so that no text, however it was made, takes long. */
function valuesOf(text: string, pieces: readonly string[]): readonly string[] | null {
  const [first, last] = [pieces[0] as string, pieces.at(-1) as string];
  if (pieces.length === 1) return text === first ? [] : null;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return null;
  const values: string[] = [];
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return null;
    values.push(text.slice(from, at));
    from = at + piece.length;
  }
  return [...values, text.slice(from, end)];
}

const chinese = new Words(requestWords, harvestWords, jobWords, exchangeWords, formatWords, packageWords, mediaWords, operateWords);

/** Words of the server in the reader's language, as far as they are known here. */
export const serverWords = (text: string, locale: Locale): string => (locale === 'zh' ? (chinese.find(text.trimEnd())?.text ?? text) : text);
