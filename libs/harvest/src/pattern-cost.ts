/** RE2 refuses more, and says where. */
const MOST_REPEATS = 1000;
const REPEAT = /\{(\d+)(,?)(\d*)\}/y;
/** `\pL`, `\p{Greek}`, `\x{4e00}`: braces of a sign, not of a repeat. */
const NAMED = /\\[pPx]\{[^}]*\}/y;
/** As it stands, up to its end or that of the text. */
const LITERAL = /\\Q[\s\S]*?(?:\\E|$)/y;
const CLASS = /\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]/y;

/** About how many steps a regular expression becomes: repeats are written out, and those within each other multiply. What compiling takes, and each sign of a name at most. Infinity: repeats that RE2 refuses. */
export function patternCost(pattern: string): number {
  const open = [{ sum: 0, last: 0 }];
  const add = (cost: number): void => {
    const here = open.at(-1) as { sum: number; last: number };
    here.sum += cost;
    here.last = cost;
  };
  const lengthOf = (what: RegExp, at: number): number => ((what.lastIndex = at), what.exec(pattern)?.[0].length ?? 0);
  for (let at = 0; at < pattern.length; ) {
    const sign = pattern[at];
    const long = sign === '\\' ? lengthOf(NAMED, at) || lengthOf(LITERAL, at) || 2 : sign === '[' ? lengthOf(CLASS, at) || 1 : sign === '{' ? lengthOf(REPEAT, at) || 1 : 1;
    if (sign === '(') open.push({ sum: 2, last: 0 });
    else if (sign === ')' && open.length > 1) add(open.pop()?.sum ?? 0);
    else if (sign === '{' && long > 1) {
      const here = open.at(-1) as { sum: number; last: number };
      const times = timesOf(pattern.slice(at, at + long));
      here.sum += here.last * (times - 1);
      here.last *= times;
    } else add(sign === '\\' && pattern[at + 1] === 'Q' ? long : 1);
    at += long;
  }
  return open.reduce((sum, one) => sum + one.sum, 0);
}

function timesOf(repeat: string): number {
  const [least = 0, most = 0] = repeat.slice(1, -1).split(',').map(Number);
  const times = Math.max(least, most);
  return times > MOST_REPEATS ? Infinity : Math.max(1, repeat.endsWith(',}') ? least + 1 : times);
}
