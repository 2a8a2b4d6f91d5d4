import type { CameraSelector, NamePattern, VideoSource } from '@argus/contracts';
import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { NamePatternError } from './errors.js';
import { foldName } from './fold-name.js';
import { foldPattern } from './fold-pattern.js';
import { globFits } from './glob-fits.js';
import { patternCost } from './pattern-cost.js';

/** Of a regular expression, with its repeats written out: 1000 take 50 ms to compile and as long for a name of 300 signs. And of all in a selector. */
const [MOST_COST, MOST_COST_OF_ALL] = [1000, 5000];

/** What is asked of a camera. */
export interface NamedCamera {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
}

/** The cameras that a selector means, in the order in which they came. Throws NamePatternError. */
export function camerasChosen<C extends NamedCamera>(selector: CameraSelector, cameras: readonly C[]): C[] {
  return cameras.filter(cameraChooser(selector));
}

/** Whether a selector means a camera; patterns are compiled once. Tags are compared as names are. Throws NamePatternError. */
export function cameraChooser({ include, exclude, tags }: CameraSelector): (camera: NamedCamera) => boolean {
  const cost = [...include, ...exclude].filter(({ kind }) => kind === 'regex').map(({ pattern }) => patternCost(pattern)).filter(Number.isFinite).reduce((sum, one) => sum + one, 0);
  if (cost > MOST_COST_OF_ALL) throw new NamePatternError(`include, exclude: expected regular expressions of at most ${MOST_COST_OF_ALL} steps together, got ${cost}; repeat less, or use keywords and globs`, { cost });
  const wanted = include.map((pattern, index) => foldedFits(pattern, `include[${index}]`));
  const unwanted = exclude.map((pattern, index) => foldedFits(pattern, `exclude[${index}]`));
  const wantedTags = new Set(tags.map(foldName));
  return (camera) => {
    const name = foldName(camera.name);
    if (wanted.length > 0 && !wanted.some((fits) => fits(name))) return false;
    if (unwanted.some((fits) => fits(name))) return false;
    return wantedTags.size === 0 || camera.tags.some((tag) => wantedTags.has(foldName(tag)));
  };
}

/** Whether a source means a video file, by its path below the folder; the path's `/` is a sign as any other. Throws NamePatternError. */
export function videoChooser({ include, exclude }: Pick<VideoSource, 'include' | 'exclude'>): (path: string) => boolean {
  const means = cameraChooser({ include, exclude, tags: [] });
  return (path) => means({ id: '', name: path, tags: [] });
}

/** Whether a name fits one pattern. `where` is the field that an error names. Throws NamePatternError. */
export function nameMatcher(pattern: NamePattern, where = 'pattern'): (name: string) => boolean {
  const fits = foldedFits(pattern, where);
  return (name) => fits(foldName(name));
}

function foldedFits({ kind, pattern }: NamePattern, where: string): (folded: string) => boolean {
  if (kind === 'regex') return regexFits(pattern, where);
  const wanted = foldName(pattern);
  return kind === 'keyword' ? (name) => name.includes(wanted) : (name) => globFits(wanted, name);
}

/** By RE2, whose time grows with the name and nothing else: whoever may write a recipe cannot stop the process with it. */
function regexFits(pattern: string, where: string): (folded: string) => boolean {
  const cost = patternCost(pattern);
  // What RE2 refuses it explains better.
  if (cost > MOST_COST && (cost !== Infinity || compiled(pattern) instanceof RE2JS)) throw new NamePatternError(`${where}: expected a regular expression of at most ${MOST_COST} steps, got "${pattern}" with ${cost}; repeat less`, { where, pattern, cost });
  const expression = compiled(foldPattern(pattern));
  if (expression instanceof RE2JS) return (name) => expression.test(name);
  // A complaint is best about what the person wrote.
  const own = compiled(pattern);
  const error = own instanceof RE2JS ? expression : own;
  throw new NamePatternError(...complaint(error, pattern, where), { cause: error });
}

function compiled(expression: string): RE2JS | RE2JSException {
  try {
    return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (error instanceof RE2JSException) return error;
    throw error;
  }
}

function complaint(error: RE2JSException, pattern: string, where: string): [string, Record<string, unknown>] {
  const problem = error instanceof RE2JSSyntaxException ? error.getDescription() : error.message;
  const reason = error instanceof RE2JSSyntaxException ? error.error : error.message;
  const part = error instanceof RE2JSSyntaxException ? error.getPattern() : null;
  const found = reason === 'missing closing )' ? openBracket(pattern) : part === null ? [...pattern].length - 1 : placeOf(part, pattern);
  const place = found < 0 ? null : found + 1;
  const shown = place === null || part === null || part === pattern ? '' : ` ("${part}")`;
  return [
    `${where}: expected a regular expression (RE2), got "${pattern}": ${reason}${place === null ? '' : ` at character ${place}`}${shown}. Put \\ before a sign that is meant as itself, or use a keyword or glob`,
    { where, pattern, place, problem },
  ];
}

/** In characters, as people count them; -1: it is not there. */
function placeOf(part: string, pattern: string): number {
  const at = pattern.indexOf(part);
  return at < 0 ? -1 : Array.from(pattern.slice(0, at)).length;
}

/** The innermost `(` that nothing closes. */
function openBracket(pattern: string): number {
  const open: number[] = [];
  const characters = [...pattern];
  let inClass = false;
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at];
    if (character === '\\') at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (!inClass && character === '(') open.push(at);
    else if (!inClass && character === ')') open.pop();
  }
  return open.at(-1) ?? -1;
}
