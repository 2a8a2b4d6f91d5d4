import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSources } from './build-sources.mjs';
import { lockCheckout } from './checkout-lock.mjs';
import { installPackages } from './install-packages.mjs';
import { isAtLeast, requirePinnedNode } from './pinned-node.mjs';
import { BootstrapError, say } from './say.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Install, runtime, build; each skipped when nothing changed. Returns the path of the Node that runs Argus.
 * @param {(error: BootstrapError) => void} [onBuildFailure] goes on without a build when given
 */
export async function prepareCheckout(onBuildFailure) {
  if (!isAtLeast(process.version, '20.19.0')) throw new BootstrapError(`This start needs Node 20.19 or newer to fetch its own; this is ${process.version}.`);
  const release = await lockCheckout(join(ROOT, '.bootstrap'));
  try {
    const installed = await installPackages(ROOT);
    const node = await requirePinnedNode(ROOT);
    const built = await buildSources(ROOT, node).catch((error) => {
      if (onBuildFailure === undefined || !(error instanceof BootstrapError)) throw error;
      onBuildFailure(error);
      return true;
    });
    if (!installed && !built) say('Packages and build are up to date.');
    return node;
  } finally {
    release();
  }
}

/** The environment for everything that runs after the preparation: the pinned Node is the first on the path. */
export function runtimeEnvironment(env = process.env) {
  return { ...env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${env.PATH ?? ''}` };
}
