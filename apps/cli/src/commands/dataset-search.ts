import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wholeNames } from '@argus/api-client';
import type { FoundSample, FoundSamples } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { UsageError } from '../errors.js';
import { columns } from '../text/columns.js';

const OPTIONS = { text: { type: 'string' }, like: { type: 'string' }, picture: { type: 'string' }, model: { type: 'string' }, group: { type: 'string', multiple: true }, label: { type: 'string', multiple: true }, limit: { type: 'string' }, json: { type: 'boolean' }, data: { type: 'string' } } as const;
const MOST = 1000;
const PAGE = 500;

export const datasetSearch: Command = {
  name: 'search',
  summary: 'find samples by words or by likeness',
  usage: `argus dataset search SET (--text WORDS | --like SHA256 | --picture FILE) [--model ID] [--group NAME]… [--label NAME]… [--limit N] [--json] [--data DIR]

Shows the samples of a set that show what WORDS say, that are like the one with the digest SHA256, or like the picture in
FILE (675 kB at most): the most similar first, 20 unless told otherwise. Words take an installed model package with a text encoder; the pictures need vectors: argus dataset job embed SET model=ID.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    const [name] = positionals;
    if (name === undefined) throw new UsageError('expected the name or id of a sample set');
    const { text, like, model } = values;
    const given = (['text', 'like', 'picture'] as const).filter((aim) => values[aim] !== undefined);
    if (given.length !== 1) throw new UsageError(`expected one of --text, --like or --picture, got ${given.map((aim) => `--${aim}`).join(' and ') || 'none'}`);
    const picture = values.picture === undefined ? null : (await readFile(resolve(terminal.cwd, values.picture)).catch((error: unknown) => { throw new UsageError(`--picture: expected a file that can be read: ${messageOf(error)}`); })).toString('base64');
    const limit = Number(values.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new UsageError(`--limit: expected a whole number from 1 to ${MOST}, got "${values.limit}"`);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id } = await datasetNamed(client, name);
    const found: FoundSample[] = [];
    for (let cursor: string | undefined; found.length < limit; ) {
      const query = { model, group: wholeNames(values.group), label: wholeNames(values.label), cursor, limit: Math.min(PAGE, limit - found.length) };
      const page: FoundSamples = await (picture === null ? client.call('searchSamples', { params: { id }, query: { ...query, text, sample: like } }) : client.call('searchByPicture', { params: { id }, query, body: { picture } }));
      found.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    if (values.json) terminal.out(JSON.stringify(found, null, 2));
    else if (found.length === 0) terminal.out('There is none.');
    else for (const line of columns([['SCORE', 'GROUP', 'TIME', 'NAME', 'SHA256'], ...found.map((one) => [one.score.toFixed(3), one.origin?.group ?? '', one.origin?.wallTime ?? '', one.name, one.sha256])])) terminal.out(line);
    return 0;
  },
};
