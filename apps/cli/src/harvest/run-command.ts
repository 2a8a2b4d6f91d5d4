import type { ApiClient } from '@argus/api-client';
import type { HarvestRun } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { runNamed } from './recipe-named.js';

const OPTIONS = { json: { type: 'boolean' }, data: { type: 'string' } } as const;

/** A command that changes one run: by its id, or the last one of a recipe. */
export function runCommand(name: string, summary: string, what: string, change: (client: ApiClient, id: HarvestRun['id']) => Promise<HarvestRun>, done: string): Command {
  return {
    name,
    summary,
    usage: `argus harvest ${name} RUN|NAME|ID [--json] [--data DIR]\n\n${what}`,
    async run(args, terminal) {
      const { values, positionals } = parseOptions(args, OPTIONS);
      refuseExtra(positionals, 1);
      const [wanted] = positionals;
      if (wanted === undefined) throw new UsageError('expected the id of a run, or the name or id of a recipe');
      const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
      const run = await change(client, (await runNamed(client, wanted)).id);
      terminal.out(values.json ? JSON.stringify(run, null, 2) : `Run ${run.id} of "${run.recipe.name}" ${done}.`);
      return 0;
    },
  };
}
