#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '..', 'dist', 'main.js');
const pinnedNode = join(here, '..', '..', '..', 'node_modules', '.bin', 'node');
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 12);

if (!existsSync(main)) {
  process.stderr.write('Argus is not built in this checkout yet. Run `npm start` once: it installs, builds and starts.\n');
  process.exit(1);
}
if (isNewEnough) await import(main);
else if (existsSync(pinnedNode)) runOnPinnedNode();
else {
  process.stderr.write(`Argus needs Node 22.12 or newer, this is ${process.version}. Run \`npm start\` once: it brings Node 24 into this checkout.\n`);
  process.exit(1);
}

function runOnPinnedNode() {
  const child = spawn(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
