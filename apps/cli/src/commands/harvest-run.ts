import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { recipeNamed } from '../harvest/recipe-named.js';
import { followRun, outcomeLines } from '../harvest/follow-run.js';

const OPTIONS = { follow: { type: 'boolean' }, json: { type: 'boolean' }, data: { type: 'string' } } as const;

export const harvestRun: Command = {
  name: 'run',
  summary: 'take pictures',
  usage: `argus harvest run NAME|ID [--follow] [--json] [--data DIR]

Runs a recipe: takes pictures of footage that it has not seen yet. --follow waits for the end and says how far it is; exit status 1 unless it is done then.
Ctrl+C leaves the run at work on the server.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    const [wanted] = positionals;
    if (wanted === undefined) throw new UsageError('expected the name or id of a recipe');
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id } = await recipeNamed(client, wanted);
    const begun = await client.call('startHarvestRun', { params: { id } });
    const run = values.follow ? await followRun(client, begun.id, (line) => terminal.err(line)) : begun;
    if (values.json) terminal.out(JSON.stringify(run, null, 2));
    else for (const line of values.follow ? outcomeLines(run) : [`Run ${run.id} of "${run.recipe.name}" waits for a worker. "argus harvest show ${id}" says how far it is.`]) terminal.out(line);
    return values.follow && run.state !== 'done' ? 1 : 0;
  },
};
