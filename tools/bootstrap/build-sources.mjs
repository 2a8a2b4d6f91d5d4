import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, fingerprintOutputs, hashFiles, readStamp, writeStamp } from './content-hash.mjs';
import { runLogged } from './run-logged.mjs';
import { say } from './say.mjs';

const isTest = (file) => /\.(spec|medium)\.tsx?$/.test(file);

/** The two builds: what goes in, what comes out, how. */
export function buildTasks(root) {
  const projects = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map((reference) => join(root, reference.path));
  const dashboard = join(root, 'apps', 'dashboard');
  const sourcesOf = (folder) => [...filesBelow(join(folder, 'src')), join(folder, 'package.json'), join(folder, 'tsconfig.json')];
  const configs = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'].map((name) => join(root, name));
  const libraries = ['contracts', 'geometry', 'api-client'].map((name) => join(root, 'libs', name));
  return [
    {
      name: 'services',
      title: 'tsc -b',
      inputs: [...configs, ...projects.flatMap(sourcesOf)].filter((file) => !isTest(file)),
      outputs: projects.map((folder) => join(folder, 'dist', '.tsbuildinfo')),
      script: join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      args: ['-b'],
      cwd: root,
    },
    {
      name: 'dashboard',
      title: 'vite build',
      // Examples are shown as they are.
      inputs: [...configs, ...filesBelow(dashboard), ...filesBelow(join(root, 'examples')), ...libraries.flatMap(sourcesOf)].filter((file) => !isTest(file)),
      outputs: [join(dashboard, 'dist', 'index.html')],
      script: join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
      args: ['build'],
      cwd: dashboard,
    },
  ];
}

/** True when neither the sources nor the outputs changed since the stamp was written. */
export function isFresh(task, root, stamp) {
  const outputs = fingerprintOutputs(task.outputs);
  return outputs !== null && stamp?.outputs === outputs && stamp?.inputs === hashFiles(root, task.inputs);
}

/** Builds what changed, with the pinned Node. */
export async function buildSources(root, node) {
  let built = false;
  for (const task of buildTasks(root)) {
    const stampFile = join(root, '.bootstrap', `${task.name}.json`);
    if (!existsSync(join(task.cwd, task.name === 'dashboard' ? 'index.html' : 'tsconfig.json'))) continue;
    if (isFresh(task, root, readStamp(stampFile))) continue;
    say(`Building the ${task.name} (${task.title}) …`);
    const inputs = hashFiles(root, task.inputs);
    await runLogged({ title: task.title, command: node, args: [task.script, ...task.args], cwd: task.cwd, env: withoutProduction(process.env), log: join(root, '.bootstrap', `${task.name}.log`) });
    writeStamp(stampFile, { inputs, outputs: fingerprintOutputs(task.outputs) });
    built = true;
  }
  return built;
}

/** A NODE_ENV of the caller must not leak into the bundle. */
function withoutProduction({ NODE_ENV: _ignored, ...env }) {
  return env;
}
