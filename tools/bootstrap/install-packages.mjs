import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hashFiles, readStamp, writeStamp } from './content-hash.mjs';
import { runLogged } from './run-logged.mjs';
import { say } from './say.mjs';

/** Everything that decides what `npm install` puts into node_modules. */
export function manifestsOf(root) {
  const workspaces = ['apps', 'libs'].flatMap((group) =>
    existsSync(join(root, group)) ? readdirSync(join(root, group)).sort().map((name) => join(root, group, name, 'package.json')) : [],
  );
  return [join(root, 'package.json'), join(root, 'package-lock.json'), join(root, '.npmrc'), ...workspaces];
}

const manifestHash = (root) => hashFiles(root, manifestsOf(root), process.platform, process.arch);

/** Names of installed packages that npm's own record lists and that are not there; all when there is no record. */
export function missingPackages(root) {
  const record = readStamp(join(root, 'node_modules', '.package-lock.json'));
  if (record === null) return ['node_modules'];
  return Object.keys(record.packages).filter((path) => path.startsWith('node_modules/') && !existsSync(join(root, path, 'package.json')));
}

/**
 * Settings that keep the known traps of a fresh install away: postinstall downloads from hosts that may be unreachable
 * (FFmpeg's command line, CUDA libraries), NODE_ENV=production hiding the compiler, a home directory that cannot be written.
 */
export function installEnvironment(root, env = process.env) {
  return {
    ...env,
    SKIP_FFMPEG: 'true',
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    SCARF_ANALYTICS: 'false',
    DO_NOT_TRACK: '1',
    npm_config_update_notifier: 'false',
    ...(isWritable(env.npm_config_cache ?? join(homedir(), '.npm')) ? {} : { npm_config_cache: join(root, '.bootstrap', 'npm-cache') }),
  };
}

/**
 * `npm install`, only when the manifests changed or a package is missing. Never `npm ci`: it demands a lock that matches the
 * registry in use to the last optional package. `--no-save` leaves the committed lock as it is.
 */
export async function installPackages(root) {
  const stampFile = join(root, '.bootstrap', 'install.json');
  const missing = missingPackages(root);
  if (missing.length === 0 && readStamp(stampFile)?.hash === manifestHash(root)) return false;
  say(existsSync(stampFile) ? 'Packages changed: installing (npm install) …' : 'Installing packages (npm install; the first time takes one to three minutes) …');
  await runLogged({ title: 'npm install', ...npmCommand(['install', '--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--foreground-scripts']), cwd: root, env: installEnvironment(root), log: join(root, '.bootstrap', 'install.log') });
  writeStamp(stampFile, { hash: manifestHash(root) });
  return true;
}

/** The npm that runs us, on the Node that runs it; else the one on the path. */
export function npmCommand(args, env = process.env) {
  const cli = env.npm_execpath;
  if (cli !== undefined && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli)) return { command: env.npm_node_execpath ?? process.execPath, args: [cli, ...args] };
  return { command: 'npm', args };
}

function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false; // any reason will do: npm then keeps its cache in the checkout
  }
}
