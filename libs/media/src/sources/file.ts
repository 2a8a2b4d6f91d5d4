import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../source-error.js';
import { CONTAINERS, type SourcePlan } from './source-plan.js';

/** A network disk that wakes up. */
const SLOW_DISK_MS = 30_000;

/**
 * A clip on this machine: `file:///path/clip.mp4?loop=true&start=12.5&pace=realtime`. It must lie, links resolved, under one of
 * the given folders: a camera's URL is typed by people who may not read this machine's files otherwise.
 * `start` begins at the key frame at or before that second.
 */
export async function planFile(url: URL, fileRoots: readonly string[]): Promise<SourcePlan> {
  const path = pathOf(url);
  const options = optionsOf(url);
  const real = await realpath(path).catch((cause: unknown) => {
    throw new SourceError('not-found', `The clip ${path} does not exist or cannot be read.`, { cause });
  });
  if (!(await isUnderOne(real, fileRoots))) {
    throw new SourceError('forbidden-url', `The clip ${path} is outside the folders from which clips may be read.`);
  }
  if (!(await stat(real)).isFile()) throw new SourceError('not-found', `Expected a file at ${path}, there is something else.`);
  return {
    input: `file:${real}`,
    options: { protocol_whitelist: 'file', format_whitelist: CONTAINERS.join(',') },
    name: path,
    kind: 'file',
    readTimeoutMs: SLOW_DISK_MS,
    silenceMs: SLOW_DISK_MS,
    ...options,
  };
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new SourceError('forbidden-url', 'Expected a file:// URL of a clip on this machine, e.g. file:///clips/street.mp4.', { cause });
  }
}

interface ClipOptions {
  readonly loop: boolean;
  readonly startSeconds: number;
  readonly paced: boolean;
}

function optionsOf(url: URL): ClipOptions {
  const { loop = 'false', start = '0', pace = 'realtime', ...unknown } = Object.fromEntries(url.searchParams);
  const startSeconds = start === '' ? Number.NaN : Number(start);
  const known = Object.keys(unknown).length === 0 && ['true', 'false'].includes(loop) && ['realtime', 'fast'].includes(pace);
  if (!known || !Number.isFinite(startSeconds) || startSeconds < 0) {
    throw new SourceError('forbidden-url', `Expected the options loop=true|false, start=SECONDS and pace=realtime|fast on the clip's URL, got ${url.search}.`);
  }
  return { loop: loop === 'true', startSeconds, paced: pace === 'realtime' };
}

async function isUnderOne(path: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => null);
    if (realRoot === null) continue;
    const way = relative(realRoot, path);
    if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return true;
  }
  return false;
}
