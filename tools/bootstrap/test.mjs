import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installTestPackages } from './debian-packages.mjs';
import { ROOT, prepareCheckout, runtimeEnvironment } from './prepare-checkout.mjs';
import { elapsedSeconds, fail, say } from './say.mjs';
import { countCheck, countReportFile, totalLine, totalOf } from './test-counts.mjs';

const RESULTS = join(ROOT, 'test-results');
const bin = (name, file) => join(ROOT, 'node_modules', name, file);
const CHECKS = [
  { name: 'lint', steps: [[bin('oxlint', 'bin/oxlint'), '--deny-warnings']] },
  {
    name: 'typecheck',
    steps: [
      [bin('typescript', 'bin/tsc'), '-b'],
      [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.test.json'],
      [bin('typescript', 'bin/tsc'), '-p', 'apps/dashboard/tsconfig.json', '--noEmit'],
    ],
  },
];
/** `faults` is not among them: it takes longer than the budget and is run on request. */
const PROJECTS = ['unit', 'architecture', 'medium', 'golden', 'e2e'];

/** `npm test [-- unit medium …]`: prepares the checkout, then everything in order; goes on after a failure, to tell all of them. */
async function test() {
  const all = [];
  // A build that fails is one failure among others: tests run on the sources and say more.
  const node = await prepareCheckout((error) => {
    say(error.message);
    all.push({ ...countCheck('build', 1), note: 'see above', seconds: elapsedSeconds() });
  });
  const only = process.argv.slice(2);
  const wanted = ({ name }) => only.length === 0 || only.includes(name);
  if (only.length === 0 || only.some((name) => !['lint', 'typecheck', 'unit', 'architecture'].includes(name))) await installTestPackages(ROOT);
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  for (const check of CHECKS.filter(wanted)) all.push(await timed(check.name, () => runCheck(node, check)));
  for (const name of PROJECTS.filter((project) => wanted({ name: project }))) all.push(await timed(name, () => runProject(node, name)));
  report(all);
}

async function timed(name, run) {
  say(`── ${name}`);
  const begun = Date.now();
  return { ...(await run()), seconds: (Date.now() - begun) / 1000 };
}

async function runCheck(node, { name, steps }) {
  for (const step of steps) {
    const code = await runInRoot(node, step);
    if (code !== 0) return countCheck(name, code);
  }
  return countCheck(name, 0);
}

async function runProject(node, name) {
  const outputFile = join(RESULTS, `${name}.json`);
  const args = ['run', '--project', name, '--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const code = await runInRoot(node, [bin('vitest', 'vitest.mjs'), ...args]);
  return countReportFile(name, outputFile, code);
}

function runInRoot(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: ROOT, env: { ...runtimeEnvironment(), CI: '1', NX_DAEMON: 'false' }, stdio: ['ignore', 'inherit', 'inherit'] });
    const stop = (signal) => {
      child.kill(signal);
      child.once('exit', () => process.exit(130));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(code ?? signal);
    });
  });
}

function report(all) {
  const total = totalOf(all);
  const line = (text) => process.stdout.write(`${text}\n`);
  line('');
  for (const counts of all.filter((one) => one.skipped > 0)) {
    line(`Skipped in ${counts.name} (the reason is printed above):`);
    for (const name of counts.skippedNames) line(`  - ${name}`);
  }
  for (const counts of all.filter((one) => one.failedNames.length > 0)) {
    line(`Failed in ${counts.name}:`);
    for (const name of counts.failedNames) line(`  - ${name}`);
  }
  line('');
  for (const counts of all) line(`${counts.name.padEnd(14)}${totalLine(counts).padEnd(36)}${counts.seconds.toFixed(1).padStart(7)} s${counts.note === '' ? '' : `   ${counts.note}`}`);
  say('done');
  line(totalLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await test().catch(fail);
