import { targetOf } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { recipeNamed } from '../harvest/recipe-named.js';
import { setNames } from '../harvest/set-names.js';
import { recipeLine } from '../harvest/recipe-line.js';
import { columns } from '../text/columns.js';

const OPTIONS = { json: { type: 'boolean' }, data: { type: 'string' } } as const;
const MOST_RUNS = 10;

export const harvestShow: Command = {
  name: 'show',
  summary: 'a recipe and its last runs',
  usage: `argus harvest show NAME|ID [--json] [--data DIR]

Shows a recipe and its last ${MOST_RUNS} runs. --json prints the recipe with "runs"; "argus harvest create FILE.json" takes it.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    const [wanted] = positionals;
    if (wanted === undefined) throw new UsageError('expected the name or id of a recipe');
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const recipe = await recipeNamed(client, wanted);
    const { items: runs } = await client.call('listHarvestRuns', { query: { recipe: recipe.id, limit: MOST_RUNS } });
    if (values.json) terminal.out(JSON.stringify({ ...recipe, runs }, null, 2));
    else {
      const nameOf = await setNames(client, [recipe]);
      terminal.out(`${recipe.name} (${recipe.id}): ${recipeLine(recipe)}`);
      terminal.out(`Next run: ${recipe.nextRunAt ?? 'by hand'}. Set: ${nameOf(recipe.datasetId) ?? (targetOf(recipe) === 'matrix' ? 'one for each camera or group' : 'the first run makes it')}.`);
      const rows = runs.map((run) => [run.id, run.createdAt, run.state, `${run.segments.done + run.segments.failed}/${run.segments.total}`, String(run.samples.added), String(run.samples.known), String(run.samples.near), run.problem ?? '']);
      if (rows.length > 0) for (const line of columns([['RUN', 'BEGUN', 'STATE', 'FILES', 'ADDED', 'KNOWN', 'NEAR', ''], ...rows])) terminal.out(line);
    }
    return 0;
  },
};
