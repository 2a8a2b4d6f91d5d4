import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A small file that is there whole or not at all, also after a power cut. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const unfinished = `${path}.part`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** New names in a folder are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
