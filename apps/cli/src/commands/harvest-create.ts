import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions } from '../command.js';
import { findGateway } from '../connection/gateway-access.js';
import { RECIPE_OPTIONS, RECIPE_USAGE } from '../harvest/recipe-options.js';
import { recipeLine } from '../harvest/recipe-line.js';
import { wishedRecipe } from '../harvest/wished-recipe.js';

const OPTIONS = { ...RECIPE_OPTIONS, json: { type: 'boolean' }, data: { type: 'string' } } as const;

export const harvestCreate: Command = {
  name: 'create',
  summary: 'save a recipe',
  usage: `argus harvest create --name NAME [flags] [--json] [--data DIR]
argus harvest create --name NAME --videos DIR|--upload FILE… [flags] [--json] [--data DIR]
argus harvest create FILE.json [--json] [--data DIR]

Saves a recipe: of which cameras, days and hours, or of which video files, pictures are taken, and which. FILE.json holds one as "argus harvest show NAME --json" prints it.

${RECIPE_USAGE}

  argus harvest create --name Streets --match 街道 --window 19:00-21:00 --last-days 30 --every 25
  argus harvest create --name Films --videos /srv/archive --glob '*4K*' --least 3840x2160 --scenes
  argus harvest create --name Clips --seconds 1 --upload ~/clips/*.mp4`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const connect = () => findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const { client, recipe } = await wishedRecipe(values, positionals, terminal, connect);
    const saved = await client.call('createHarvestRecipe', { body: recipe });
    terminal.out(values.json ? JSON.stringify(saved, null, 2) : `Saved ${saved.name} (${saved.id}): ${recipeLine(saved)}. Run it with: argus harvest run ${saved.id} --follow`);
    return 0;
  },
};
