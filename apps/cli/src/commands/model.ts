import { resolve } from 'node:path';
import { dataFolderOf, entryOf } from '../checkout.js';
import { type Command, type Terminal, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { runEntry } from '../run-entry.js';
import { columns } from '../text/columns.js';

const usage = `argus model list [--json] [--data DIR]
argus model verify PATH [--json]

list    models of the running Argus and their state
verify  checks a model package (folder or .zip) on this machine: manifest, digests, golden tensors; exit status 0 or 1`;

export const model: Command = {
  name: 'model',
  summary: 'list model packages and verify one',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, data: { type: 'string' } });
    const [action, path, ...rest] = positionals;
    refuseExtra(rest, 0);
    if (action === 'list') {
      await list(dataFolderOf(values.data, terminal.env, terminal.cwd), values.json ?? false, terminal);
      return 0;
    }
    if (action !== 'verify') throw new UsageError(`expected "list" or "verify" after "model", got ${action === undefined ? 'nothing' : `"${action}"`}`);
    if (path === undefined) throw new UsageError('expected the path of a model package: a folder or a .zip');
    return runEntry(entryOf('inference', 'verify-model'), [resolve(terminal.cwd, path), ...(values.json ? ['--json'] : [])]);
  },
};

async function list(dataFolder: string, json: boolean, terminal: Terminal): Promise<void> {
  const client = clientOf(await findGateway(dataFolder, terminal.env));
  const models = await allPages((query) => client.call('listModels', { query }));
  if (json) terminal.out(JSON.stringify(models, null, 2));
  else if (models.length === 0) terminal.out('No models are known yet; is the engine up? ("argus status")');
  else {
    const rows = models.map((one) => [one.id, one.version, one.task, one.family, one.problem === null ? one.state : `${one.state}: ${one.problem}`, one.license]);
    for (const line of columns([['ID', 'VERSION', 'TASK', 'FAMILY', 'STATE', 'LICENCE'], ...rows])) terminal.out(line);
  }
}
