import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '__pycache__']);

/** All files below `folder`, sorted, without build outputs and installed packages. An absent folder has none. */
export function filesBelow(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/**
 * sha256 over names and contents: times of change mean nothing after a clone or a checkout. Absent files count as absent.
 * @param {string} root names are taken relative to it, so that a moved checkout keeps its hash
 * @param {readonly string[]} files absolute paths
 */
export function hashFiles(root, files, ...extra) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(`${text}\0`);
  for (const file of files) {
    hash.update(`${relative(root, file).split(sep).join('/')}\0`);
    hash.update(contentOf(file) ?? 'absent');
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** Time and size of outputs: says whether somebody else built or cleaned meanwhile. null when one is missing. */
export function fingerprintOutputs(files) {
  try {
    return files.map((file) => statSync(file)).map((stat) => `${stat.size}:${stat.mtimeMs}`).join(' ');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The stamp as written last, or null. A damaged stamp is no stamp: the work is done again. */
export function readStamp(path) {
  const text = contentOf(path)?.toString('utf8');
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, path);
}

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
