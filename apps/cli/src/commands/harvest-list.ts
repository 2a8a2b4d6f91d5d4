import { targetOf } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { recipeLine } from '../harvest/recipe-line.js';
import { setNames } from '../harvest/set-names.js';
import { columns } from '../text/columns.js';

const OPTIONS = { json: { type: 'boolean' }, data: { type: 'string' } } as const;

export const harvestList: Command = {
  name: 'list',
  summary: 'recipes',
  usage: `argus harvest list [--json] [--data DIR]

Shows all recipes: what they take, when they run by themselves next, and the set that they fill.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const recipes = await allPages((query) => client.call('listHarvestRecipes', { query }));
    if (values.json) {
      terminal.out(JSON.stringify(recipes, null, 2));
      return 0;
    }
    const nameOf = await setNames(client, recipes);
    if (recipes.length === 0) terminal.out('No recipes yet. "argus harvest create --name NAME --match TEXT" makes one.');
    else for (const line of columns([['NAME', 'TAKES', 'NEXT RUN', 'SET'], ...recipes.map((one) => [one.name, recipeLine(one), one.nextRunAt ?? 'by hand', nameOf(one.datasetId) ?? (targetOf(one) === 'matrix' ? 'a matrix' : 'none yet')])])) terminal.out(line);
    return 0;
  },
};
