import type { ApiClient } from '@argus/api-client';
import type { Dataset, DatasetVersion } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { beginJob, tellJob } from '../dataset/begin-job.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { checkedJob } from '../dataset/job-options.js';
import { versionNamed } from '../dataset/version-named.js';
import { UsageError } from '../errors.js';
import { columns } from '../text/columns.js';

const COMMON = { json: { type: 'boolean' }, follow: { type: 'boolean' }, data: { type: 'string' } } as const;
const VERSION = { ...COMMON, message: { type: 'string', short: 'm' } } as const;
const VERSIONS = { json: { type: 'boolean' }, data: { type: 'string' }, keep: { type: 'string' }, release: { type: 'string' }, remove: { type: 'string' } } as const;
const SHOWN_DIGITS = 12;

async function setOf(word: string | undefined, data: string | undefined, terminal: Terminal): Promise<{ readonly client: ApiClient; readonly set: Dataset }> {
  if (word === undefined) throw new UsageError('expected the name or id of a sample set');
  const client = clientOf(await findGateway(dataFolderOf(data, terminal.env, terminal.cwd), terminal.env));
  return { client, set: await datasetNamed(client, word) };
}

export const datasetVersion: Command = {
  name: 'version',
  summary: 'seal a sample set as it is now',
  usage: `argus dataset version SET [-m TEXT] [--follow] [--json] [--data DIR]

Seals a sample set as it is now: a version, named by the digest of its content.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, VERSION);
    refuseExtra(positionals, 1);
    const { client, set } = await setOf(positionals[0], values.data, terminal);
    tellJob(await beginJob(client, set.id, checkedJob({ kind: 'version', message: values.message ?? '' }), values.follow, terminal), values.json, terminal);
    return 0;
  },
};

export const datasetVersions: Command = {
  name: 'versions',
  summary: 'show the versions of a sample set; keep or remove one',
  usage: `argus dataset versions SET [--keep DIGEST | --release DIGEST | --remove DIGEST] [--json] [--data DIR]

Shows the versions of a sample set, newest first. The beginning of a digest will do.

  --keep DIGEST     it stays: nobody removes it, and retention passes it by
  --release DIGEST  it need not be kept any more
  --remove DIGEST   removes its content; what it was made from stays known`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, VERSIONS);
    refuseExtra(positionals, 1);
    const wishes = [values.keep, values.release, values.remove].filter((one) => one !== undefined);
    if (wishes.length > 1) throw new UsageError('expected one of --keep, --release and --remove');
    const { client, set } = await setOf(positionals[0], values.data, terminal);
    const { id } = set;
    if (wishes[0] !== undefined) {
      const { digest } = await versionNamed(client, id, wishes[0]);
      if (values.remove === undefined) await client.call('changeDatasetVersion', { params: { id, digest }, body: { isKept: values.keep !== undefined } });
      else await client.call('deleteDatasetVersion', { params: { id, digest } });
    }
    const versions = await client.call('listDatasetVersions', { params: { id } });
    if (values.json) terminal.out(JSON.stringify(versions, null, 2));
    else if (versions.length === 0) terminal.out('It has no versions; "argus dataset version" seals one.');
    else for (const line of columns([['DIGEST', 'SEALED', 'BY', 'SAMPLES', 'ANNOTATIONS', 'FROM', '', 'MESSAGE'], ...versions.map((one) => rowOf(one, set))])) terminal.out(line);
    return 0;
  },
};

function rowOf({ digest, createdAt, createdBy, counts, parents, isKept, isGone, message }: DatasetVersion, { head, isChanged }: Dataset): string[] {
  const marks = [digest === head && !isChanged ? 'now' : '', isKept ? 'kept' : '', isGone ? 'removed' : ''].filter(Boolean).join(', ');
  return [digest.slice(0, SHOWN_DIGITS), createdAt, createdBy, String(counts.samples), String(counts.annotations), parents.map((one) => one.slice(0, SHOWN_DIGITS)).join(' ') || '-', marks || '-', message];
}

export const datasetRestore: Command = {
  name: 'restore',
  summary: 'make a sample set what it was in a version',
  usage: `argus dataset restore SET DIGEST [--follow] [--json] [--data DIR]

Makes a sample set exactly what it was when the version was sealed. What it is now is sealed first: restore that to go back.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, COMMON);
    refuseExtra(positionals, 2);
    if (positionals[1] === undefined) throw new UsageError('expected the name or id of a sample set and the digest of a version');
    const { client, set } = await setOf(positionals[0], values.data, terminal);
    const { digest } = await versionNamed(client, set.id, positionals[1]);
    tellJob(await beginJob(client, set.id, checkedJob({ kind: 'restore-version', digest }), values.follow, terminal), values.json, terminal);
    return 0;
  },
};

export const datasetCompare: Command = {
  name: 'compare',
  summary: 'what was changed between two versions, or since one',
  usage: `argus dataset compare SET DIGEST [DIGEST] [--json] [--data DIR]

Says what was added, removed and changed between two versions of a sample set, or since one, and how many annotations there are of each label.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: COMMON.json, data: COMMON.data });
    refuseExtra(positionals, 3);
    const [, first, second] = positionals;
    if (first === undefined) throw new UsageError('expected the name or id of a sample set and the digest of a version');
    const { client, set } = await setOf(positionals[0], values.data, terminal);
    const from = (await versionNamed(client, set.id, first)).digest;
    const to = second === undefined ? null : (await versionNamed(client, set.id, second)).digest;
    const job = await beginJob(client, set.id, checkedJob({ kind: 'compare-versions', from, to }), true, terminal);
    if (values.json || job.result?.kind !== 'compare-versions') tellJob(job, values.json, terminal);
    else {
      const { samples, added, removed, changed, labels } = job.result;
      terminal.out(`${samples.before} samples before, ${samples.after} after: ${added} added, ${removed} removed, ${changed} changed`);
      if (labels.length > 0) for (const line of columns([['LABEL', 'BEFORE', 'AFTER'], ...labels.map(({ label, before, after }) => [label, String(before), String(after)])])) terminal.out(line);
    }
    return 0;
  },
};
