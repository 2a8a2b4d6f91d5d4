import { foldName } from './fold-name.js';

const META = /[\\^$.|?*+()[\]{}-]/g;
/** One character outside of ASCII with the marks that belong to it, so that a name and a pattern fold alike. */
const FOREIGN = /[\u0080-\u{10ffff}][\p{M}\uff9e\uff9f]*/uy;

/**
 * A regular expression for folded names. Only what is literal and outside of ASCII is folded: `\S` is not `\s`, and a full-width
 * bracket of a name is a bracket, not a group. ASCII letters are left to the engine's own flag.
 */
export function foldPattern(pattern: string): string {
  const text = pattern.normalize('NFC');
  let [folded, inClass, quoted] = ['', false, false];
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (character >= '\u0080') {
      FOREIGN.lastIndex = at;
      const own = (FOREIGN.exec(text) ?? [character])[0];
      folded += literal(own, inClass, quoted);
      at += own.length;
      continue;
    }
    const next = text[at + 1] ?? '';
    if (character === '\\' && !quoted && next >= '\u0080') {
      at += 1;
      continue;
    }
    const taken = tokenAt(text, at, inClass, quoted);
    if (taken === '\\Q') quoted = true;
    else if (taken === '\\E') quoted = false;
    else if (!quoted && taken.startsWith('[') && !taken.startsWith('[:')) inClass = true;
    else if (!quoted && taken === ']') inClass = false;
    folded += taken;
    at += taken.length;
  }
  return folded;
}

/** What belongs together: an escape, `[:alpha:]`, and the beginning of a class with the `]` that is a member of it. */
function tokenAt(text: string, at: number, inClass: boolean, quoted: boolean): string {
  const [character, next] = [text[at] as string, text[at + 1] ?? ''];
  if (character === '\\' && (!quoted || next === 'E')) return character + next;
  if (quoted || character !== '[') return character;
  if (!inClass) return (/^\[\^?\]?/.exec(text.slice(at)) as RegExpExecArray)[0];
  return /^\[:\^?[a-z]+:\]/.exec(text.slice(at))?.[0] ?? character;
}

/** One character of the pattern stays one atom: what follows it (`+`, `{2}`) is meant for all it became. */
function literal(own: string, inClass: boolean, quoted: boolean): string {
  const text = foldName(own);
  if (quoted) return text;
  const escaped = text.replace(META, '\\$&');
  const single = [...text].length === 1;
  // A class holds single characters only.
  if (inClass) return single ? escaped : own;
  return single ? escaped : `(?:${escaped})`;
}
