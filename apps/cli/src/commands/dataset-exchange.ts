import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ApiClient } from '@argus/api-client';
import type { DatasetId, DatasetJob, DatasetJobResult } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, parseOptions, refuseExtra } from '../command.js';
import { clientOf, findGateway, type GatewayAccess } from '../connection/gateway-access.js';
import { beginJob, tellJob } from '../dataset/begin-job.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { checkedJob } from '../dataset/job-options.js';
import { uploadFile } from '../dataset/upload-file.js';
import { versionNamed } from '../dataset/version-named.js';
import { BadFileError, UsageError } from '../errors.js';
import { download } from '../record/download-export.js';

const COMMON = { json: { type: 'boolean' }, follow: { type: 'boolean' }, data: { type: 'string' } } as const;
const EXPORT = { ...COMMON, format: { type: 'string' }, out: { type: 'string' }, 'include-unreviewed': { type: 'boolean' }, 'ignore-unreviewed': { type: 'boolean' }, 'complete-only': { type: 'boolean' }, split: { type: 'string', multiple: true }, public: { type: 'boolean' }, version: { type: 'string' } } as const;
const IMPORT = { ...COMMON, format: { type: 'string' }, group: { type: 'string' }, 'each-folder': { type: 'boolean' } } as const;

export const datasetExport: Command = {
  name: 'export',
  summary: 'make one file of a sample set, and download it',
  usage: `argus dataset export SET --format FORMAT [--out FILE] [--follow] [--include-unreviewed] [--ignore-unreviewed] [--complete-only]
                     [--split NAME] [--public] [--version DIGEST] [--json] [--data DIR]

Has the worker make one file of a sample set: coco, yolo, voc, cvat-images, cvat-video, datumaro, mot, imagenet, folders, webdataset or imgdataset.

  --out FILE       waits, downloads, checks the digest
  --follow         waits for its end
  --include-unreviewed  also annotations that only a model has made; else they are left out
  --ignore-unreviewed   those become regions to ignore, so that nobody learns that there is nothing
  --complete-only  only samples in which everything is labelled
  --split NAME     train, val, test or none; may be given several times
  --version DIGEST of one of its versions instead of what it is now
  --public         to be given away: only of a set with a licence`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, EXPORT);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a sample set');
    if (values.format === undefined) throw new UsageError('expected --format');
    const options = checkedJob({ kind: 'export', format: values.format, reviewedOnly: values['include-unreviewed'] !== true, ignoreUnreviewed: values['ignore-unreviewed'] ?? false, completeOnly: values['complete-only'] ?? false, splits: values.split ?? null, audience: values.public ? 'public' : 'private' });
    if (values['include-unreviewed'] && values['ignore-unreviewed']) throw new UsageError('expected one of --include-unreviewed and --ignore-unreviewed');
    const access = await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const client = clientOf(access);
    const { id, unreviewed } = await datasetNamed(client, positionals[0]);
    if (values.version === undefined && values['include-unreviewed'] !== true && unreviewed > 0) terminal.err(unreviewedText(unreviewed, values['ignore-unreviewed'] === true));
    const version = values.version === undefined ? null : (await versionNamed(client, id, values.version)).digest;
    const job = await beginJob(client, id, checkedJob({ ...options, version }), values.follow === true || values.out !== undefined, terminal);
    if (values.out !== undefined && job.result?.kind === 'export') await fetchFile(access, client, id, job, job.result, resolve(terminal.cwd, values.out), terminal);
    tellJob(job, values.json, terminal);
    return 0;
  },
};

export const datasetImport: Command = {
  name: 'import',
  summary: 'take an archive into a sample set',
  usage: `argus dataset import SET FILE [--format FORMAT] [--group NAME] [--each-folder] [--follow] [--json] [--data DIR]

Sends an archive (zip, tar, tar.gz, imgdataset) and has the worker take its pictures and labels into a sample set. What it has already stays as it is.

  --format FORMAT  else it is told by what is in it
  --group NAME     for all of it; else by folder or video
  --each-folder    each folder becomes a set of its own, called after it
  --follow         waits for its end`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, IMPORT);
    refuseExtra(positionals, 2);
    const [set, file] = positionals;
    if (set === undefined || file === undefined) throw new UsageError('expected the name or id of a sample set and a file');
    const path = resolve(terminal.cwd, file);
    await stat(path).catch(() => Promise.reject(new BadFileError(`${path}: there is no such file`)));
    const parts = { kind: 'import', format: values.format ?? 'auto', group: values.group ?? null, eachFolder: values['each-folder'] ?? false };
    // What is wrong is said before anything is sent.
    checkedJob({ ...parts, uploadId: '00000000-0000-7000-8000-000000000000' });
    const access = await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const client = clientOf(access);
    const { id } = await datasetNamed(client, set);
    const uploadId = await uploadFile(access, path, (line) => terminal.err(line));
    tellJob(await beginJob(client, id, checkedJob({ ...parts, uploadId }), values.follow, terminal), values.json, terminal);
    return 0;
  },
};

/** Before anything is begun. */
const unreviewedText = (count: number, areIgnored: boolean): string => `Of the set ${count} annotations were made by models only, and nobody looked at them: they ${areIgnored ? 'become regions to ignore' : 'are left out. --include-unreviewed takes them along'}.`;

/** Into a file, or under its own name into a folder that is there. */
async function fetchFile(access: GatewayAccess, client: ApiClient, id: DatasetId, job: DatasetJob, { file, sha256 }: Extract<DatasetJobResult, { kind: 'export' }>, out: string, terminal: Terminal): Promise<void> {
  const isFolder = await stat(out).then((known) => known.isDirectory(), () => false);
  const path = isFolder ? join(out, file) : out;
  await mkdir(dirname(path), { recursive: true });
  const part = `argus-${job.id}.download`;
  terminal.err(`Downloading ${basename(path)} …`);
  await download(access, { name: part, sha256, address: client.url('getDatasetJobFile', { params: { id, jobId: job.id } }) }, dirname(path));
  await rename(join(dirname(path), part), path);
}
