import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, prepareCheckout, runtimeEnvironment } from '../../tools/bootstrap/prepare-checkout.mjs';
import { fail } from '../../tools/bootstrap/say.mjs';

/** `npm run bench -- live [efficiency …] [--quick]`: prepares the checkout, then measures with the pinned Node. */
async function bench() {
  const node = await prepareCheckout();
  const child = spawn(node, [join(ROOT, 'test', 'perf', 'main.ts'), ...process.argv.slice(2)], { cwd: ROOT, env: runtimeEnvironment(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', fail);
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

await bench().catch(fail);
