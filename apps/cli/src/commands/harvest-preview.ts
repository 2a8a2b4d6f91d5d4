import { legible, type HarvestPreview, type HarvestTrouble } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway, type GatewayAccess } from '../connection/gateway-access.js';
import { UsageError } from '../errors.js';
import { recipeNamed } from '../harvest/recipe-named.js';
import { RECIPE_OPTIONS, recipeFlags } from '../harvest/recipe-options.js';
import { wishedRecipe } from '../harvest/wished-recipe.js';
import { columns } from '../text/columns.js';

const OPTIONS = { ...RECIPE_OPTIONS, recipe: { type: 'string' }, json: { type: 'boolean' }, data: { type: 'string' } } as const;

export const harvestPreview: Command = {
  name: 'preview',
  summary: 'how much a recipe would take',
  usage: `argus harvest preview --recipe NAME|ID [--json] [--data DIR]
argus harvest preview [flags as of "create"] [--json] [--data DIR]
argus harvest preview FILE.json [--json] [--data DIR]

Says which cameras a recipe means, how much footage there is, and how many pictures it would take at most. Nothing is taken.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const connect = () => findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const { recipe: named, ...flags } = values;
    if (named !== undefined && (positionals.length > 0 || recipeFlags(flags).length > 0)) throw new UsageError('--recipe stands alone: it is a recipe that was saved');
    if (named !== undefined) refuseExtra(positionals, 0);
    const { client, recipe } = named === undefined ? await wishedRecipe(positionals.length > 0 ? flags : { name: 'preview', ...flags }, positionals, terminal, connect) : await saved(named, connect);
    const preview = await client.call('previewHarvest', { body: recipe });
    if (values.json) terminal.out(JSON.stringify(preview, null, 2));
    else for (const line of linesOf(preview)) terminal.out(line);
    return 0;
  },
};

async function saved(name: string, connect: () => Promise<GatewayAccess>) {
  const client = clientOf(await connect());
  return { client, recipe: await recipeNamed(client, name) };
}

function linesOf(preview: HarvestPreview): string[] {
  const nothing = preview.videos === null ? nothingWhy(preview) : null;
  // Figures of nothing would only hide why it is nothing.
  if (nothing !== null) return [...columns([['cameras', namesOf(preview.cameras, preview.cameraNames)]]), nothing];
  const { footageSeconds, footageBytes, segments, frames, bytes, minutes, videos } = preview;
  return [
    ...columns([
      ...(videos === null ? [['cameras', namesOf(preview.cameras, preview.cameraNames)]] : [['groups', namesOf(videos.groups, videos.groupNames)]]),
      ['footage', `${(footageSeconds / 3600).toFixed(2)} h in ${segments} files, ${(footageBytes / 1e9).toFixed(2)} GB`],
      ['pictures', `at most ${frames}, about ${(bytes / 1e9).toFixed(2)} GB`],
      ['takes', minutes === null ? 'not measured here yet' : `about ${minutes < 1 ? '1 min' : `${Math.round(minutes)} min`}`],
    ]),
    ...(videos === null ? [] : videoLines(videos)),
  ];
}

const namesOf = (count: number, names: readonly string[]): string => `${count}${count > 0 ? `: ${names.slice(0, 10).join(', ')}${count > 10 ? ' …' : ''}` : ''}`;

function nothingWhy({ cameras, footageSeconds, frames }: HarvestPreview): string | null {
  if (cameras === 0) return 'Nothing: no camera that you may look at has such a name and tags. "argus camera list" shows their names.';
  if (footageSeconds === 0) return 'Nothing: these cameras have no footage in these hours and days. --last-days ends with yesterday; --all takes everything that is recorded, today as well.';
  return frames === 0 ? 'Nothing: there is footage, but this choice of pictures takes none of it.' : null;
}

function videoLines({ files, measured, tooSmall, unreadable, troubles }: NonNullable<HarvestPreview['videos']>): string[] {
  if (files === 0) return ['Nothing: no video file was found, or no worker answers.'];
  return [
    ...(measured < files ? [`Reckoned from ${measured} of ${files} files.`] : []),
    ...(tooSmall > 0 ? [`${tooSmall} of these are smaller than the limit, and left out.`] : []),
    ...(unreadable > 0 ? unreadableLines(unreadable, troubles) : []),
  ];
}

const unreadableLines = (count: number, troubles: readonly HarvestTrouble[]): string[] => [
  `${count} of these cannot be read as videos${troubles.length > 0 ? ':' : '.'}`,
  ...troubles.map(({ video, problem }) => legible(`  ${video}: ${problem}`)),
  ...(troubles.length > 0 && count > troubles.length ? [`  and ${count - troubles.length} more`] : []),
];
