import { DatasetSettings, type Dataset } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { UsageError } from '../errors.js';

const OPTIONS = {
  json: { type: 'boolean' }, data: { type: 'string' }, name: { type: 'string' }, note: { type: 'string' }, licence: { type: 'string' }, source: { type: 'string' },
  'retention-days': { type: 'string' }, tag: { type: 'string', multiple: true }, goal: { type: 'string' },
} as const;
type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

const FLAGS = `  --note TEXT, --licence SPDX, --source TEXT     what is said of it
  --retention-days N   samples are deleted after so many days; "" for never
  --tag TAG            may be given several times; "" for none
  --goal JSON          what is wanted: {"labels":["person"],"leastPixels":32,"leastShare":0.05,"ratio":{"value":0.4,"tolerance":2},"light":"day"}; "" for nothing`;

export const datasetCreate: Command = {
  name: 'create',
  summary: 'make an empty sample set',
  usage: `argus dataset create NAME [flags] [--json] [--data DIR]

Makes an empty sample set.

${FLAGS}`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected a name for the set');
    const body = settingsOf({ name: positionals[0] }, values);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const set = await client.call('createDataset', { body });
    terminal.out(values.json ? JSON.stringify(set, null, 2) : `Made ${set.name} (${set.id})`);
    return 0;
  },
};

export const datasetEdit: Command = {
  name: 'edit',
  summary: 'change what is said of a sample set',
  usage: `argus dataset edit SET [--name NAME] [flags] [--json] [--data DIR]

Changes what is said of a sample set; what is not given stays.

${FLAGS}`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a sample set');
    settingsOf({ name: 'any' }, values);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const known = await datasetNamed(client, positionals[0]);
    const set = await client.call('updateDataset', { params: { id: known.id }, body: settingsOf(known, values) });
    terminal.out(values.json ? JSON.stringify(set, null, 2) : `Changed ${set.name} (${set.id})`);
    return 0;
  },
};

export const datasetDelete: Command = {
  name: 'delete',
  summary: 'remove a sample set',
  usage: `argus dataset delete SET --yes [--data DIR]

Removes a sample set with its labels. Pictures that another set has stay there.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { yes: { type: 'boolean' }, data: { type: 'string' } } as const);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a sample set');
    if (!values.yes) throw new UsageError('expected --yes: labels of a set that is removed are gone');
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id, name } = await datasetNamed(client, positionals[0]);
    await client.call('deleteDataset', { params: { id } });
    terminal.out(`Removed ${name} (${id})`);
    return 0;
  },
};

/** @throws UsageError naming what is wrong */
function settingsOf(known: Partial<Dataset>, values: Values): DatasetSettings {
  const { name, note, licence, source, tag, goal } = values;
  const days = values['retention-days'];
  const parsed = DatasetSettings.safeParse({
    ...known,
    ...(name !== undefined && { name }),
    ...(note !== undefined && { note }),
    ...(licence !== undefined && { licence: licence === '' ? null : licence }),
    ...(source !== undefined && { source }),
    ...(days !== undefined && { retentionDays: days === '' ? null : Number(days) }),
    ...(tag !== undefined && { tags: tag.filter((one) => one !== '') }),
    ...(goal !== undefined && { goal: goal === '' ? null : jsonOf(goal) }),
  });
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--goal: expected JSON, got "${text}"`);
  }
}
