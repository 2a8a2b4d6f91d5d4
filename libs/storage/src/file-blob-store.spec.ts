import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobKeyError } from './blob-key.js';
import { FileBlobStore } from './file-blob-store.js';

/** Real: the file system. */
describe('FileBlobStore', () => {
  let folder: string;
  let store: FileBlobStore;
  const bytes = Uint8Array.from([1, 2, 3]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-blobs-'));
    store = new FileBlobStore(join(folder, 'blobs'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was put, replaces it, and leaves nothing half-written beside it', async () => {
    await store.put('events/2026/a.jpg', Uint8Array.from([9]));
    await store.put('events/2026/a.jpg', bytes);
    expect(await store.find('events/2026/a.jpg')).toEqual(Buffer.from(bytes));
    expect(await readdir(join(folder, 'blobs/events/2026'))).toEqual(['a.jpg']);
  });

  it('streams with length and type', async () => {
    await store.put('a.jpg', bytes);
    const stream = await store.findStream('a.jpg');
    expect(stream).toMatchObject({ byteLength: 3, contentType: 'image/jpeg' });
    expect(await buffer(stream!.body)).toEqual(Buffer.from(bytes));
  });

  it('finds nothing where nothing is, and deletes it without a word', async () => {
    await store.put('a/b.jpg', bytes);
    expect(await store.find('x/y.jpg')).toBeNull();
    expect(await store.findStream('a')).toBeNull();
    expect(await store.find('a/b.jpg/c')).toBeNull();
    await store.delete('x/y.jpg');
    await store.delete('a/b.jpg');
    expect(await store.find('a/b.jpg')).toBeNull();
  });

  it.each(['', '/etc/passwd', '../secret', 'a/../../secret', 'a//b', 'a/', '.hidden', 'a\\b', 'a\0b', 'ключ', 'a/..b..', 'x'.repeat(600)])('refuses the key %j', async (key) => {
    await writeFile(join(folder, 'secret'), 'no');
    await expect(store.find(key)).rejects.toBeInstanceOf(BlobKeyError);
    await expect(store.put(key, bytes)).rejects.toBeInstanceOf(BlobKeyError);
    await expect(store.delete(key)).rejects.toBeInstanceOf(BlobKeyError);
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('no');
  });
});
