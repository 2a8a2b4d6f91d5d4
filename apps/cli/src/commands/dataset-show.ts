import type { ApiClient } from '@argus/api-client';
import { DatasetJobId, type DatasetJob } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { jobProgress } from '../dataset/job-text.js';
import { timeLines } from '../dataset/time-lines.js';
import { UsageError } from '../errors.js';
import { columns } from '../text/columns.js';

const OPTIONS = { json: { type: 'boolean' }, data: { type: 'string' } } as const;

interface Asked {
  readonly client: ApiClient;
  readonly words: readonly string[];
  readonly json: boolean;
}

/** Options, words and the gateway, which all of these take alike. */
async function ask(args: readonly string[], wanted: readonly string[], terminal: Terminal): Promise<Asked> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  refuseExtra(positionals, wanted.length);
  const missing = wanted[positionals.length];
  if (missing !== undefined) throw new UsageError(`expected ${missing}`);
  return { client: clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env)), words: positionals, json: values.json ?? false };
}

export const datasetList: Command = {
  name: 'list',
  summary: 'show sample sets',
  usage: `argus dataset list [--json] [--data DIR]

Shows the sample sets whose cameras you may all see.`,
  async run(args, terminal) {
    const { client, json } = await ask(args, [], terminal);
    const sets = await allPages((query) => client.call('listDatasets', { query }));
    if (json) terminal.out(JSON.stringify(sets, null, 2));
    else if (sets.length === 0) terminal.out('There is no sample set; a harvest or the dashboard makes one.');
    else for (const line of columns([['NAME', 'SAMPLES', 'ANNOTATIONS', 'GROUPS', 'COMPLETE', 'ID'], ...sets.map(({ id, name, counts }) => [name, ...[counts.samples, counts.annotations, counts.groups, counts.complete].map(String), id])])) terminal.out(line);
    return 0;
  },
};

export const datasetShow: Command = {
  name: 'show',
  summary: 'show one sample set',
  usage: `argus dataset show SET [--json] [--data DIR]

Shows a sample set, by name or id: what is in it by label, group and split.`,
  async run(args, terminal) {
    const { client, words, json } = await ask(args, ['the name or id of a sample set'], terminal);
    const set = await datasetNamed(client, words[0] as string);
    const statistics = await client.call('getDatasetStatistics', { params: { id: set.id } });
    const origins = await client.call('listDatasetOrigins', { params: { id: set.id } });
    if (json) terminal.out(JSON.stringify({ ...set, statistics, origins }, null, 2));
    else {
      terminal.out(`${set.name}: ${set.counts.samples} samples (${(set.counts.bytes / 1e6).toFixed(1)} MB), ${set.counts.annotations} annotations, ${set.counts.complete} samples complete; ${set.id}`);
      terminal.out(`splits: ${Object.entries(statistics.splits).map(([name, count]) => `${name} ${count}`).join(', ')}`);
      for (const line of columns([['LABEL', 'ANNOTATIONS', 'SAMPLES'], ...statistics.labels.map((one) => [one.label, String(one.annotations), String(one.samples)])])) terminal.out(line);
      for (const line of columns([['GROUP', 'SAMPLES', 'ANNOTATIONS'], ...statistics.groups.map((one) => [one.name, String(one.samples), String(one.annotations)])])) terminal.out(line);
      for (const { kind, direction, name, samples, times, at } of origins) terminal.out(`${direction} ${kind}${name === null ? '' : ` "${name}"`}: ${samples} samples, ${times} times, last ${at}`);
    }
    return 0;
  },
};

export const datasetTime: Command = {
  name: 'time',
  summary: 'where the time for a sample set went',
  usage: `argus dataset time SET [--json] [--data DIR]

Shows how long people worked on a sample set in the dashboard, by activity and all of them together, what came of it, and how long
machines worked beside them: jobs, and harvests into it.`,
  async run(args, terminal) {
    const { client, words, json } = await ask(args, ['the name or id of a sample set'], terminal);
    const { id } = await datasetNamed(client, words[0] as string);
    const time = await client.call('getDatasetTime', { params: { id } });
    if (json) terminal.out(JSON.stringify(time, null, 2));
    else for (const line of timeLines(time)) terminal.out(line);
    return 0;
  },
};

export const datasetStorage: Command = {
  name: 'storage',
  summary: 'what pictures of sample sets take, and what was freed',
  usage: `argus dataset storage [--json] [--data DIR]

Shows what pictures of all sample sets take on the disk, how many of them no set uses, and what the worker has freed.`,
  async run(args, terminal) {
    const { client, json } = await ask(args, [], terminal);
    const storage = await client.call('getSampleStorage', {});
    const { pictures, bytes, unusedPictures, unusedBytes, collected, last } = storage;
    const size = (of: number): string => `${(of / 1e9).toFixed(2)} GB`;
    if (json) terminal.out(JSON.stringify(storage, null, 2));
    else {
      terminal.out(`${pictures} pictures (${size(bytes)}), of which no set uses ${unusedPictures} (${size(unusedBytes)})`);
      terminal.out(`freed so far: ${collected.pictures} pictures and thumbnails (${size(collected.bytes)})`);
      terminal.out(last === null ? 'nobody has looked for unused ones yet' : `last looked at ${last.at}${last.problem === null ? '' : `, and broke off: ${last.problem}`}`);
    }
    return 0;
  },
};

export const datasetJobs: Command = {
  name: 'jobs',
  summary: 'show the jobs of a sample set',
  usage: `argus dataset jobs SET [--json] [--data DIR]

Shows the jobs of a sample set, newest first.`,
  async run(args, terminal) {
    const { client, words, json } = await ask(args, ['the name or id of a sample set'], terminal);
    const { id } = await datasetNamed(client, words[0] as string);
    const jobs = await allPages((query) => client.call('listDatasetJobs', { params: { id }, query }));
    if (json) terminal.out(JSON.stringify(jobs, null, 2));
    else if (jobs.length === 0) terminal.out('It has no jobs.');
    else for (const line of columns([['KIND', 'STATE', 'BEGUN', 'BY', 'ID'], ...jobs.map((job) => [job.options.kind, job.problem ?? jobProgress(job), job.createdAt, job.createdBy, job.id])])) terminal.out(line);
    return 0;
  },
};

export const datasetCancel = changing('cancel', 'cancelDatasetJob', 'stop a job', 'Stops a job. What it has done stays; "argus dataset resume" goes on with it.');
export const datasetResume = changing('resume', 'resumeDatasetJob', 'go on with a job', 'Goes on with a job that was stopped or failed.');

function changing(name: 'cancel' | 'resume', route: 'cancelDatasetJob' | 'resumeDatasetJob', summary: string, what: string): Command {
  return {
    name,
    summary,
    usage: `argus dataset ${name} JOB [--json] [--data DIR]\n\n${what}`,
    async run(args, terminal) {
      const { client, words, json } = await ask(args, ['the id of a job'], terminal);
      const id = DatasetJobId.safeParse(words[0]);
      if (!id.success) throw new UsageError(`expected the id of a job, as "argus dataset jobs SET" shows it, got "${words[0]}"`);
      const job: DatasetJob = await client.call(route, { params: { id: id.data } });
      terminal.out(json ? JSON.stringify(job, null, 2) : `${job.options.kind} ${job.id}: ${jobProgress(job)}`);
      return 0;
    },
  };
}
