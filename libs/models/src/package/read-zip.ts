import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '@argus/kernel';
import { ModelPackageError } from '../errors.js';
import { MANIFEST_FILE, type PackageFiles, type PackageLimits } from './package-limits.js';

/**
 * All files of a zip. Names that leave the archive, links, encrypted entries and repeated names are refused; stated sizes are
 * added up before a byte is unpacked, and yauzl holds every entry to what it stated.
 */
export async function readZip(path: string, limits: PackageLimits): Promise<PackageFiles> {
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch((error: unknown) => {
    throw new ModelPackageError(path, 'zip', 'a readable zip archive', messageOf(error), { cause: error });
  });
  try {
    return await readEntries(path, zip, limits);
  } catch (error) {
    if (error instanceof ModelPackageError) throw error;
    throw new ModelPackageError(path, 'zip', 'a readable zip archive', messageOf(error), { cause: error });
  } finally {
    zip.close();
  }
}

async function readEntries(path: string, zip: ZipFile, limits: PackageLimits): Promise<PackageFiles> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  let total = 0;
  if (zip.entryCount > limits.files * 2) throw new ModelPackageError(path, 'zip', `at most ${limits.files} files`, `${zip.entryCount} entries`);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    total += entry.uncompressedSize;
    checkEntry(path, entry, names, limits);
    if (total > limits.totalBytes) throw new ModelPackageError(path, entry.fileName, `at most ${limits.totalBytes} bytes unpacked in all`, `at least ${total}`);
    names.add(entry.fileName);
    entries.push(entry);
    if (entries.length > limits.files) throw new ModelPackageError(path, 'zip', `at most ${limits.files} files`, 'more');
  }
  const folder = commonFolder(names);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) files.set(entry.fileName.slice(folder.length), await readEntry(zip, entry));
  return files;
}

function checkEntry(path: string, entry: Entry, names: ReadonlySet<string>, limits: PackageLimits): void {
  const name = entry.fileName;
  // The upper half holds the Unix mode where a Unix tool made the archive; 0o12 is a symbolic link.
  if (entry.externalFileAttributes >>> 28 === 0o12) throw new ModelPackageError(path, name, 'a plain file', 'a symbolic link');
  if (entry.isEncrypted()) throw new ModelPackageError(path, name, 'a file without password', 'an encrypted one');
  if (names.has(name)) throw new ModelPackageError(path, name, 'each name once', 'it twice');
  const limit = name.endsWith(MANIFEST_FILE) ? limits.manifestBytes : limits.totalBytes;
  if (entry.uncompressedSize > limit) throw new ModelPackageError(path, name, `at most ${limit} bytes`, `${entry.uncompressedSize} bytes`);
}

/** Archives are often made of the folder rather than of what is in it: then its one top folder is not part of the names. */
function commonFolder(names: ReadonlySet<string>): string {
  if (names.has(MANIFEST_FILE)) return '';
  const first = [...names][0] ?? '';
  const folder = first.slice(0, first.indexOf('/') + 1);
  return folder !== '' && names.has(folder + MANIFEST_FILE) && [...names].every((name) => name.startsWith(folder)) ? folder : '';
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
