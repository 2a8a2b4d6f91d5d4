import { DatasetId, type DatasetJob } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, type Terminal } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { beginJob, tellJob } from '../dataset/begin-job.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { followJobs } from '../dataset/follow-jobs.js';
import { checkedJob, jobParts, KINDS } from '../dataset/job-options.js';
import { jobProgress, resultLines } from '../dataset/job-text.js';
import { UsageError } from '../errors.js';

const OPTIONS = { json: { type: 'boolean' }, follow: { type: 'boolean' }, data: { type: 'string' }, and: { type: 'string', multiple: true }, tagged: { type: 'string' } } as const;

export const datasetJob: Command = {
  name: 'job',
  summary: 'begin a job on a whole sample set',
  usage: `argus dataset job KIND SET [KEY=VALUE …] [--and SET]… [--tagged TAG] [--follow] [--json] [--data DIR]

Has the worker do something with a whole sample set. KEY=VALUE as the API has it: target.kind=focus is a key within another, labels[]=car one more of a list,
labels.person=人 an entry of a map. Text that looks like a number is put in quotes: name='"2026"'.

  embed            [model=ID]: vectors of all pictures, to search by; the others make what they miss by themselves
  pick-diverse     count=100 [perGroup=20] [minDistance=0.28] [weights.ease=0] [goal.labels[]=person] [goal.light=day]
                   [target.kind=focus | target.kind=copy target.into=SET]
  find-duplicates  how=exact|near|semantic [bits=8] [epsilon=0.01] [remove=true]
  split            [shares='{"train":0.8,"val":0.1,"test":0.1}'] [seed=a] [linked=false]
  grade            [model=nanodet-g-416] [minScore=0.5] [scenes=1000] [rules.general.scenes=1000] [rules.general.boxes=10000] [rules.project.complete=0.9]
  auto-label       model=nanodet-g-416 [also[]=MODEL] [minScore=0.4] [labels.person=人] [tiling='{"columns":3,"rows":2}'] [skipReviewed=false]
  regroup          name=Crops [reach=0.5] [margin=0.15] [ratio=1.333]
  redact           name="Without faces" [heads=false] [labels[]=car] [how=mosaic|blur|fill] [minScore=0.25] [tiling={}]
  transform        parts='[{"sha256":"…","area":{"kind":"turned","degrees":3}}]' [ratio=0.333] [boxes=outline] [target.kind=copy target.into=SET]; "argus dataset transform" also chooses samples
  export           format=coco [reviewedOnly=false] [ignoreUnreviewed=true] [completeOnly=true] [splits='["train"]'] [audience=public]; "argus dataset export" also downloads
  restore-version  digest=SHA256; "argus dataset restore" takes the beginning of it
  compare-versions from=SHA256 [to=SHA256]
  import           uploadId=ID [format=auto] [group=NAME]; "argus dataset import" also uploads
  version          [message=TEXT]

  --and SET     the same job on a further set; may be given several times
  --tagged TAG  and on all sets with this tag
  --follow      waits for its end and shows what came out; Ctrl+C leaves it at work`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const [kind, set, ...words] = positionals;
    if (kind === undefined || set === undefined) throw new UsageError(`expected ${kind === undefined ? `a kind of job (${KINDS.join(', ')}) and ` : ''}the name or id of a sample set`);
    const parts = jobParts(kind, words);
    // A name stands for a set: checked first with any id, so that what is wrong is said before anybody is asked.
    const into = namedTarget(parts);
    checkedJob(into === null ? parts : withTarget(parts, '00000000-0000-7000-8000-000000000000'));
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id } = await datasetNamed(client, set);
    const body = checkedJob(into === null ? parts : withTarget(parts, (await datasetNamed(client, into)).id));
    if (values.and !== undefined || values.tagged !== undefined) {
      const more = await Promise.all((values.and ?? []).map((name) => datasetNamed(client, name)));
      const tagged = values.tagged === undefined ? [] : (await allPages((query) => client.call('listDatasets', { query }))).filter(({ tags }) => tags.includes(values.tagged as string));
      const datasetIds = [...new Set([id, ...more.map((one) => one.id), ...tagged.map((one) => one.id)])];
      const all = await client.call('createDatasetJobs', { body: { datasetIds, job: body } });
      tellAll(values.follow ? await followJobs(client, all, terminal) : all, values.json, terminal);
      return 0;
    }
    tellJob(await beginJob(client, id, body, values.follow, terminal), values.json, terminal);
    return 0;
  },
};

function tellAll(jobs: readonly DatasetJob[], json: boolean | undefined, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify(jobs, null, 2));
  for (const job of jobs) {
    terminal.out(`${job.options.kind} ${job.id} on ${job.datasetId}: ${jobProgress(job)}`);
    if (job.result !== null) for (const line of resultLines(job.result)) terminal.out(`  ${line}`);
  }
}

type Parts = ReturnType<typeof jobParts>;

/** The name of the set that is written into; null: none, or it is an id. */
function namedTarget({ target }: Parts): string | null {
  const into = typeof target === 'object' && target !== null && 'into' in target ? target.into : null;
  return into === null || DatasetId.safeParse(into).success ? null : String(into);
}

const withTarget = (parts: Parts, into: string): Parts => ({ ...parts, target: { ...(parts['target'] as object), into } });
