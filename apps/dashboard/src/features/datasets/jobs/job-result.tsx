import type { DatasetJob, DatasetJobResult } from '@argus/contracts';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { decimal, formatBytes, percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { serverWords } from '../../../i18n/server-words.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Facts, ResultLink, Strip } from './job-parts.js';
import { SetLinks } from '../set-links.js';
import { VersionDifference } from '../versions/version-difference.js';

/** What came out of a job. */
export function JobResult({ id }: { id: DatasetJob['id'] }) {
  const job = useCall('getDatasetJob', { params: { id } });
  if (job.isPending) return <Skeleton rows={2} />;
  if (job.isError) return <ErrorNotice error={job.error} onRetry={() => void job.refetch()} />;
  return job.data.result && <Shown job={job.data} result={job.data.result} />;
}

function Shown({ job, result }: { job: DatasetJob; result: DatasetJobResult }) {
  const { t, locale } = useI18n();
  const count = (value: number): string => whole(value, locale);
  const strip = (sha256s: readonly string[]): ReactNode => <Strip setId={job.datasetId} sha256s={sha256s} />;
  switch (result.kind) {
    case 'embed':
      return <Facts facts={[[t('setJobs.r.embedded'), count(result.embedded)], [t('setJobs.r.known'), count(result.known)]]} />;
    case 'pick-diverse':
      return (
        <>
          <Facts
            facts={[
              [t('setJobs.r.chosen'), count(result.sha256s.length)],
              [t('setJobs.r.radius'), t('setJobs.r.radii', { chosen: decimal(result.coverage.chosen.radius, locale, 3), uniform: decimal(result.coverage.uniform.radius, locale, 3) })],
              [t('setJobs.r.changed'), count(result.changed)],
            ]}
          />
          {strip(result.sha256s)}
          {job.options.kind === 'pick-diverse' && job.options.target.kind === 'focus' && <ResultLink to={`/datasets/${job.datasetId}/pictures?focus=true`}>{t('setJobs.r.toFocus')}</ResultLink>}
        </>
      );
    case 'find-duplicates':
      return (
        <>
          <Facts facts={[[t('setJobs.r.groups'), count(result.groups)], [t('setJobs.r.duplicates'), count(result.duplicates)], [t('setJobs.r.removed'), count(result.removed)]]} />
          {result.list.slice(0, 10).map(({ kept, others }) => (
            <div key={kept}>{strip([kept, ...others])}</div>
          ))}
        </>
      );
    case 'split':
      return (
        <>
          <Facts facts={[...(['train', 'val', 'test'] as const).map((split): [string, string] => [t(`setJobs.share.${split}`), count(result.samples[split])]), [t('setJobs.r.leaks'), count(result.leaks.count)]]} />
          {result.problems.map((problem) => (
            <p key={problem} className="m-0 text-s text-caution">
              {t(`setJobs.r.${problem}`)}
            </p>
          ))}
        </>
      );
    case 'grade':
      return (
        <>
          <Facts facts={[[t('setJobs.r.grade'), t(`setJobs.grade.${result.grade}`)], [t('setJobs.r.scenes'), count(result.scenes.count)], [t('setJobs.r.boxes'), count(result.boxes)], [t('setJobs.r.complete'), `${count(result.complete)} / ${count(result.samples)}`], [t('setJobs.r.chanceOfNew'), percent(result.scenes.chanceOfNew, locale)]]} />
          <p className="m-0 text-s">{t(`setJobs.advice.${result.scenes.advice}`)}</p>
          {result.unlabelled && result.unlabelled.list.length > 0 && (
            <>
              <p className="m-0 text-s text-caution">{t('setJobs.r.unlabelled', { count: result.unlabelled.samples })}</p>
              {strip(result.unlabelled.list.map(({ sha256 }) => sha256))}
            </>
          )}
        </>
      );
    case 'auto-label':
      return <Facts facts={[[t('setJobs.r.samples'), count(result.samples)], [t('setJobs.r.boxes'), count(result.boxes)], ...result.models.map(({ id, version, boxes }): [string, string] => [`${id} ${version}`, count(boxes)]), ...Object.entries(result.labels).map(([label, boxes]): [string, string] => [labelText(label, locale), count(boxes)])]} />;
    case 'regroup':
      return (
        <>
          <Facts facts={[[t('setJobs.r.samples'), count(result.samples)], [t('setJobs.r.crops'), count(result.crops)], [t('setJobs.r.boxes'), count(result.boxes)]]} />
          <ResultLink to={`/datasets/${result.datasetId}`}>{t('setJobs.r.toSet')}</ResultLink>
        </>
      );
    case 'transform':
      return (
        <>
          <Facts facts={[[t('setJobs.r.samples'), count(result.samples)], [t('setJobs.r.known'), count(result.known)], [t('setJobs.r.boxes'), count(result.annotations)], [t('setJobs.r.leftOut'), count(result.leftOut)]]} />
          <Strip setId={result.datasetId} sha256s={result.made.map(({ sha256 }) => sha256)} />
          {result.datasetId !== job.datasetId && <ResultLink to={`/datasets/${result.datasetId}`}>{t('setJobs.r.toSet')}</ResultLink>}
        </>
      );
    case 'redact':
      return (
        <>
          <Facts facts={[[t('setJobs.r.samples'), count(result.samples)], [t('setJobs.r.regions'), count(result.regions)]]} />
          <ResultLink to={`/datasets/${result.datasetId}`}>{t('setJobs.r.toSet')}</ResultLink>
        </>
      );
    case 'export':
      return (
        <>
          <Facts facts={[[t('setJobs.r.file'), result.file], [t('setJobs.r.size'), formatBytes(result.bytes, locale)], [t('setJobs.r.samples'), count(result.samples)], [t('setJobs.r.boxes'), count(result.annotations)], [t('setJobs.r.incomplete'), count(result.incomplete)], [t('setJobs.r.unreviewed'), count(result.unreviewed)], ...Object.entries(result.leftOut).map(([cause, many]): [string, string] => [t('setJobs.r.leftOut', { what: serverWords(cause, locale) }), count(many)])]} />
          <p className="m-0 flex flex-wrap items-center gap-2 text-s">
            <a href={client.url('getDatasetJobFile', { params: { id: job.datasetId, jobId: job.id } })} download={result.file} className="inline-flex min-h-9 items-center gap-2 font-medium text-accent">
              <Download aria-hidden size={16} /> {t('exports.download')}
            </a>
            <code className="clip text-ink-3">{result.sha256}</code>
            <CopyButton text={result.sha256} />
          </p>
        </>
      );
    case 'import':
      return (
        <>
          <Facts facts={[[t('setJobs.r.added'), count(result.added)], [t('setJobs.r.known'), count(result.known)], [t('setJobs.r.boxes'), count(result.annotations)], [t('setJobs.r.problems'), count(result.problems.count)]]} />
          <SetLinks sets={result.sets} />
          <ul className="m-0 list-none p-0 text-s text-caution">
            {result.problems.list.slice(0, 20).map(({ file, at, message }, index) => (
              <li key={index}>{serverWords([file, at, message].filter(Boolean).join(': '), locale)}</li>
            ))}
          </ul>
        </>
      );
    case 'restore-version':
      return <Facts facts={[[t('setJobs.r.digest'), result.digest.slice(0, 12)], [t('setJobs.r.before'), result.before?.slice(0, 12) ?? '–'], [t('setJobs.r.added'), count(result.added)], [t('setJobs.r.changedSamples'), count(result.changed)], [t('setJobs.r.removedSamples'), count(result.removed)]]} />;
    case 'compare-versions':
      return <VersionDifference setId={job.datasetId} result={result} />;
    case 'version':
      return (
        <p className="m-0 flex flex-wrap items-center gap-2 text-s">
          {t('setJobs.r.digest')} <code className="clip text-ink-3">{result.digest}</code> <CopyButton text={result.digest} />
        </p>
      );
  }
}
