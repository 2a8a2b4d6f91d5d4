import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installEnvironment, npmCommand } from './install-packages.mjs';
import { runLogged } from './run-logged.mjs';
import { BootstrapError, say } from './say.mjs';

/** Below it the FFmpeg binding yields no frames, silently. */
export const LOWEST_NODE = '22.12.0';

/** True when `version` (like `v24.21.0`) is at least `lowest`. */
export function isAtLeast(version, lowest) {
  const [have, want] = [version, lowest].map((text) => text.replace(/^v/, '').split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    if (have[index] !== want[index]) return have[index] > want[index];
  }
  return true;
}

/** `v24.21.0`, or null when the file is absent or does not run. */
export function nodeVersionOf(path) {
  if (!existsSync(path)) return null;
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).trim();
  } catch {
    return null; // wrong architecture, truncated, not executable: all mean that it must be brought again
  }
}

/**
 * Path of the Node that runs Argus: the package `node`, pinned in package.json. Its install script fetches the real binary; where
 * scripts were denied (`ignore-scripts`, an older approval policy) the binary is fetched here.
 */
export async function requirePinnedNode(root) {
  const path = join(root, 'node_modules', '.bin', 'node');
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node;
  if (nodeVersionOf(path) === `v${wanted}`) return path;
  say(`The packaged Node ${wanted} is missing or does not run (was its install script denied?): fetching it …`);
  try {
    await fetchNode(root, wanted);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    say(error.message);
  }
  if (nodeVersionOf(path) === `v${wanted}`) return path;
  if (isAtLeast(process.version, LOWEST_NODE)) {
    say(`Going on with Node ${process.version} of this machine instead of ${wanted}.`);
    return process.execPath;
  }
  throw new BootstrapError(
    `Argus needs Node ${LOWEST_NODE} or newer; this machine has ${process.version}, and Node ${wanted} could not be fetched from the npm registry.\nEither install a newer Node yourself, or allow the install script of the package "node" and run:\n\n  npm rebuild node --foreground-scripts\n`,
  );
}

async function fetchNode(root, version) {
  const holder = join(root, 'node_modules', 'node');
  if (!existsSync(holder)) throw new BootstrapError(`expected ${holder} after npm install, it is not there`);
  const name = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${process.platform}-${process.arch}`;
  const task = npmCommand(['install', '--no-save', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', `${name}@${version}`]);
  await runLogged({ title: `npm install ${name}`, ...task, cwd: holder, env: installEnvironment(root), log: join(root, '.bootstrap', 'node.log') });
  const manifest = createRequire(join(holder, 'package.json')).resolve(`${name}/package.json`);
  const target = join(holder, 'bin', 'node');
  mkdirSync(join(holder, 'bin'), { recursive: true });
  rmSync(target, { force: true });
  linkSync(join(manifest, '..', 'bin', 'node'), target);
  const command = join(root, 'node_modules', '.bin', 'node');
  mkdirSync(join(command, '..'), { recursive: true });
  rmSync(command, { force: true });
  symlinkSync(join('..', 'node', 'bin', 'node'), command);
}
