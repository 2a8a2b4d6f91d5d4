import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { recipeLine } from '../harvest/recipe-line.js';
import { recipeNamed } from '../harvest/recipe-named.js';
import { recipeOfFile } from '../harvest/recipe-options.js';

export const harvestEdit: Command = {
  name: 'edit',
  summary: 'change a recipe',
  usage: `argus harvest edit NAME|ID FILE.json [--json] [--data DIR]

Changes a saved recipe to what FILE.json holds: "argus harvest show NAME --json" prints what it is now.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, data: { type: 'string' } } as const);
    refuseExtra(positionals, 2);
    const [wanted, file] = positionals;
    if (wanted === undefined || file === undefined) throw new UsageError('expected the name or id of a recipe and a file');
    const recipe = await recipeOfFile(file, terminal.cwd);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id } = await recipeNamed(client, wanted);
    const saved = await client.call('updateHarvestRecipe', { params: { id }, body: recipe });
    terminal.out(values.json ? JSON.stringify(saved, null, 2) : `Changed ${saved.name} (${saved.id}): ${recipeLine(saved)}`);
    return 0;
  },
};

export const harvestDelete: Command = {
  name: 'delete',
  summary: 'remove a recipe',
  usage: `argus harvest delete NAME|ID [--data DIR]

Removes a recipe, and what it knows of footage that it has seen. Its pictures stay.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { data: { type: 'string' } } as const);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a recipe');
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id, name } = await recipeNamed(client, positionals[0]);
    await client.call('deleteHarvestRecipe', { params: { id } });
    terminal.out(`Removed ${name} (${id}); its pictures stay`);
    return 0;
  },
};
