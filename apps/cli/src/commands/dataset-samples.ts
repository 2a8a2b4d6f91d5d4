import type { ApiClient } from '@argus/api-client';
import { Split, type ChangedSamples, type ChangeSamples, type DatasetId } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { CHOICE_OPTIONS, CHOICE_USAGE, chosenSamples, readChoice } from '../dataset/chosen-samples.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { UsageError } from '../errors.js';

const COMMON = { ...CHOICE_OPTIONS, json: { type: 'boolean' }, data: { type: 'string' } } as const;
const SET = { ...COMMON, split: { type: 'string' }, 'mark-complete': { type: 'boolean' }, 'mark-incomplete': { type: 'boolean' }, focus: { type: 'boolean' }, 'no-focus': { type: 'boolean' } } as const;
/** As many as one request takes. */
const MOST = 5000;

type SetValues = ReturnType<typeof parseOptions<typeof SET>>['values'];
type Change = (client: ApiClient, id: DatasetId, sha256s: string[]) => Promise<ChangedSamples>;

interface Sampled {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Those that were taken out, instead of those that are in. */
  readonly removed?: boolean;
  /** Words behind the set's name. */
  readonly wanted?: readonly string[];
  readonly plan: (values: SetValues, words: readonly string[]) => (client: ApiClient) => Promise<Change>;
}

/** A command that changes chosen samples of a set, as many at a time as a request takes. */
function sampleCommand({ name, summary, usage, removed = false, wanted = [], plan }: Sampled): Command {
  return {
    name,
    summary,
    usage: `${usage}\n\n${CHOICE_USAGE}`,
    async run(args, terminal) {
      const { values, positionals } = parseOptions(args, SET);
      refuseExtra(positionals, 1 + wanted.length);
      const missing = ['the name or id of a sample set', ...wanted][positionals.length];
      if (missing !== undefined) throw new UsageError(`expected ${missing}`);
      const prepare = plan(values, positionals.slice(1));
      const choice = await readChoice(values, terminal.cwd, removed);
      const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
      const { id } = await datasetNamed(client, positionals[0] as string);
      const change = await prepare(client);
      const digests = await chosenSamples(client, id, choice);
      let changed = 0;
      for (let at = 0; at < digests.length; at += MOST) {
        changed += (await change(client, id, digests.slice(at, at + MOST))).changed;
        if (digests.length > MOST) terminal.err(`${Math.min(at + MOST, digests.length)} of ${digests.length}`);
      }
      terminal.out(values.json ? JSON.stringify({ chosen: digests.length, changed }) : `${changed} of ${digests.length} samples changed`);
      return 0;
    },
  };
}

export const datasetSet = sampleCommand({
  name: 'set',
  summary: 'set split, completeness or focus of samples',
  usage: `argus dataset set SET WHICH [--split train|val|test|none] [--mark-complete | --mark-incomplete] [--focus | --no-focus] [--json] [--data DIR]

Sets something of chosen samples.`,
  plan(values) {
    const set = wish(values);
    return async () => (client, id, sha256s) => client.call('changeSamples', { params: { id }, body: { sha256s, set } });
  },
});

export const datasetRemove = sampleCommand({
  name: 'remove',
  summary: 'take samples out of a set',
  usage: `argus dataset remove SET WHICH [--json] [--data DIR]

Takes chosen samples out of a set; "argus dataset put-back" takes them back in.`,
  plan: (values) => {
    nothingElse(values);
    return async () => (client, id, sha256s) => client.call('removeSamples', { params: { id }, body: { sha256s } });
  },
});

export const datasetPutBack = sampleCommand({
  name: 'put-back',
  summary: 'take samples back in',
  usage: `argus dataset put-back SET WHICH [--json] [--data DIR]

Takes samples back in that were taken out; which of those is said as for others.`,
  removed: true,
  plan: (values) => {
    nothingElse(values);
    return async () => (client, id, sha256s) => client.call('restoreSamples', { params: { id }, body: { sha256s } });
  },
});

export const datasetCopy = sampleCommand({
  name: 'copy',
  summary: 'copy samples into another set',
  usage: `argus dataset copy SET INTO WHICH [--json] [--data DIR]

Copies chosen samples of SET into another set, with labels and marks. No picture is stored twice; what is there already stays as it is.`,
  wanted: ['the name or id of the set that they are copied into'],
  plan: (values, [into]) => {
    nothingElse(values);
    return async (client) => {
      const target = await datasetNamed(client, into as string);
      return (_client, from, sha256s) => client.call('copySamples', { params: { id: target.id }, body: { from, sha256s } });
    };
  },
});

function wish(values: SetValues): ChangeSamples['set'] {
  for (const [yes, no] of [['mark-complete', 'mark-incomplete'], ['focus', 'no-focus']] as const) if (values[yes] && values[no]) throw new UsageError(`expected --${yes} or --${no}, got both`);
  const split = values.split === undefined ? undefined : values.split === 'none' ? null : Split.safeParse(values.split).data;
  if (values.split !== undefined && split === undefined) throw new UsageError(`--split: expected train, val, test or none, got "${values.split}"`);
  const pair = (yes: 'mark-complete' | 'focus', no: 'mark-incomplete' | 'no-focus'): boolean | undefined => (values[yes] ? true : values[no] ? false : undefined);
  const set = { split, complete: pair('mark-complete', 'mark-incomplete'), focus: pair('focus', 'no-focus') };
  if (Object.values(set).every((value) => value === undefined)) throw new UsageError('expected what is to be set: --split, --mark-complete, --mark-incomplete, --focus or --no-focus');
  return set;
}

function nothingElse(values: SetValues): void {
  const extra = (['split', 'mark-complete', 'mark-incomplete', 'focus', 'no-focus'] as const).find((name) => values[name] !== undefined);
  if (extra !== undefined) throw new UsageError(`--${extra} is for "argus dataset set"${extra === 'split' ? '; --in-split says which samples' : ''}`);
}
