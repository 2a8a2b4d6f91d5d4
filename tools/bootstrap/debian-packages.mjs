import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './run-logged.mjs';
import { BootstrapError, say } from './say.mjs';

/** What tests need beyond npm, and for what; `argus doctor` reads the same list. */
export const TEST_PACKAGES = JSON.parse(readFileSync(new URL('./debian-packages.json', import.meta.url), 'utf8'));

const has = (command, args = ['--version']) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Names of `packages` that dpkg does not list as installed. */
export function missingDebianPackages(packages = Object.keys(TEST_PACKAGES)) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages], { encoding: 'utf8' });
  const installed = new Set((stdout ?? '').split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]));
  return packages.filter((name) => !installed.has(name));
}

export const installLine = (packages) => `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/** Installs what is missing where this is root on Debian; else says exactly what to do. Never fails: those tests are skipped. */
export async function installTestPackages(root) {
  if (!has('dpkg-query') || !has('apt-get')) {
    say(`No apt-get here. Tests that need these are skipped unless you have them: ${Object.keys(TEST_PACKAGES).join(', ')}`);
    return;
  }
  const missing = missingDebianPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    say('Some tests need Debian packages that are missing here. Not root, so they are skipped. To run them too:');
    process.stdout.write(`\n  sudo sh -c '${installLine(missing)}'\n\n`);
    return;
  }
  say(`Installing Debian packages for the tests: ${missing.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const task = { command: 'apt-get', cwd: root, env, log: join(root, '.bootstrap', 'apt.log') };
  try {
    await runLogged({ ...task, title: 'apt-get update', args: ['-o', 'DPkg::Lock::Timeout=120', 'update'] });
    await runLogged({ ...task, title: 'apt-get install', args: ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends', ...missing] });
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    say(`${error.message}\nGoing on without: tests that need these packages are skipped.`);
  }
}
