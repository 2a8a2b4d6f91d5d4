import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onLauncherGone } from './launcher-watch.mjs';
import { ROOT, prepareCheckout, runtimeEnvironment } from './prepare-checkout.mjs';
import { fail } from './say.mjs';

/** `npm start [-- --port 7400 …]`: prepares the checkout and hands over to `argus up --demo`. */
async function start() {
  const node = await prepareCheckout();
  const child = spawn(node, [join(ROOT, 'apps', 'cli', 'bin', 'argus.mjs'), 'up', '--demo', ...process.argv.slice(2)], {
    cwd: ROOT,
    env: { ...runtimeEnvironment(), ARGUS_STOP_WITH_PARENT: '1' },
    stdio: 'inherit',
  });
  // A terminal sends Ctrl+C to the whole group, `kill` to us alone: pass it on either way, the supervisor stops once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  onLauncherGone(() => child.kill('SIGTERM'));
  child.once('error', fail);
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

await start().catch(fail);
