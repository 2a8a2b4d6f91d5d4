import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BootstrapError, say } from './say.mjs';
import { isAlive } from './is-alive.mjs';

/** Two starts in one checkout must not install over each other: the second waits. Returns the release. */
export async function lockCheckout(stateFolder) {
  const path = join(stateFolder, 'lock');
  makeStateFolder(stateFolder);
  for (let tries = 0; ; tries += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(path);
    if (owner === null || !isAlive(owner)) rmSync(path, { force: true });
    else if (tries === 0) say(`Another start (process ${owner}) is installing or building in this checkout: waiting for it.`);
    await sleep(500);
  }
}

function makeStateFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.writable'), '');
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
    throw new BootstrapError(
      `Cannot write to ${folder} (${error.code}).\nArgus installs and builds inside its checkout: make it yours, for example with\n\n  sudo chown -R "$(id -un)" "${join(folder, '..')}"\n`,
    );
  }
}

function ownerOf(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
