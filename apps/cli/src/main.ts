import { runCommandLine } from './run-command-line.js';

const isSupervisor = process.argv[2] === 'up';
// A reader that goes away (`argus events | head`) ends the command without a stack trace; it does not end the product.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!isSupervisor) process.exit(0);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
