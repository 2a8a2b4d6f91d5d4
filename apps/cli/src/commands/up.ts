import { type Command, integerOption, parseOptions, refuseExtra } from '../command.js';
import { DEFAULT_PORT, dataFolderOf } from '../checkout.js';
import { Reporter } from '../up/reporter.js';
import { runProduct } from '../up/run-product.js';

const usage = `argus up [--demo] [--data DIR] [--port N] [--host H]

Starts Postgres (or uses DATABASE_URL), the gateway and inference, and keeps each running until Ctrl+C.

  --demo       four cameras from the bundled clip, when there are no cameras yet
  --data DIR   data directory (ARGUS_DATA; default: data in the checkout)
  --port N     port of the dashboard and the API (ARGUS_PORT; default: ${DEFAULT_PORT}, else the next free one)
  --host H     address to listen on (ARGUS_HOST; default: 127.0.0.1, this machine only; 0.0.0.0: everywhere)`;

export const up: Command = {
  name: 'up',
  summary: 'start Argus and keep it running',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { demo: { type: 'boolean' }, data: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } });
    refuseExtra(positionals, 0);
    const wantedPort = values.port ?? (terminal.env['ARGUS_PORT'] || undefined);
    return runProduct({
      dataFolder: dataFolderOf(values.data, terminal.env, terminal.cwd),
      host: values.host ?? (terminal.env['ARGUS_HOST'] || '127.0.0.1'),
      port: wantedPort === undefined ? DEFAULT_PORT : integerOption('port', wantedPort, 1, 65_535),
      isPortExplicit: values.port !== undefined,
      demo: values.demo ?? false,
      env: terminal.env,
      reporter: new Reporter((line) => terminal.out(line)),
    });
  },
};
