import { isOpen } from '../../../app/is-open.js';
import type { DatasetJob } from '@argus/contracts';
import { RotateCcw, Square, X } from 'lucide-react';
import { useEffect } from 'react';
import { refresh, useAction, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { formatSpan } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { serverWords } from '../../../i18n/server-words.js';
import { Badge, type Tone } from '../../../ui/badge.js';
import { Button, IconButton } from '../../../ui/button.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { ProgressBar } from '../../exports/progress-bar.js';
import { JobResult } from './job-result.js';

export const JOB_TONES: Readonly<Record<DatasetJob['state'], Tone>> = { queued: 'busy', running: 'busy', done: 'good', failed: 'alarm', cancelled: 'calm' };
const ASK_EVERY_MS = 700;

/** A job from its beginning to what came out of it; workers tell nobody of progress, so the browser asks. */
export function JobWatch({ id, onClose }: { id: DatasetJob['id']; onClose?: () => void }) {
  const { t, locale } = useI18n();
  const job = useCall('getDatasetJob', { params: { id } }, { refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data as DatasetJob) ? ASK_EVERY_MS : 60_000) });
  const state = job.data?.state;
  const cancel = useAction(() => client.call('cancelDatasetJob', { params: { id } }), { refresh: ['getDatasetJob', 'listDatasetJobs'] });
  const resume = useAction(() => client.call('resumeDatasetJob', { params: { id } }), { refresh: ['getDatasetJob', 'listDatasetJobs'] });
  useEffect(() => {
    if (state && state !== 'queued' && state !== 'running') refresh(['getDataset', 'listDatasets', 'listDatasetVersions', 'listDatasetOrigins', 'listDatasetJobs', 'listSamples', 'getDatasetMatrix', 'getDatasetStatistics']);
  }, [state]);
  if (job.isPending) return <Skeleton rows={2} />;
  if (job.isError && !job.data) return <ErrorNotice error={job.error} onRetry={() => void job.refetch()} />;
  if (!job.data) return null;
  const { options, problem, progress: { done, total, secondsLeft } } = job.data;
  const name = t(`setJobs.kind.${options.kind}`);
  return (
    <div role="status" className="flex min-w-0 flex-col gap-2 rounded-m border border-line bg-surface p-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{name}</span>
        <Badge tone={JOB_TONES[job.data.state]}>{t(`setJobs.state.${job.data.state}`)}</Badge>
        <span className="ml-auto flex items-center gap-1">
          {isOpen(job.data) && (
            <Button icon={Square} busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('setJobs.cancel')}
            </Button>
          )}
          {(job.data.state === 'failed' || job.data.state === 'cancelled') && (
            <Button icon={RotateCcw} busy={resume.isPending} onClick={() => resume.mutate()}>
              {t('setJobs.resume')}
            </Button>
          )}
          {onClose && !isOpen(job.data) && <IconButton icon={X} label={t('versions.close')} onClick={onClose} />}
        </span>
      </div>
      {isOpen(job.data) && (
        <>
          <ProgressBar share={total > 0 ? done / total : 0} label={name} />
          <p className="figures m-0 text-s text-ink-3">
            {state === 'queued' ? t('setJobs.waiting') : t('setJobs.progress', { done, total })}
            {secondsLeft !== null && ` · ${t('setJobs.left', { span: formatSpan(secondsLeft * 1000, locale) })}`}
          </p>
        </>
      )}
      {problem && <p className="m-0 text-s wrap-anywhere text-alarm">{serverWords(problem, locale)}</p>}
      {job.data.state === 'done' && <JobResult id={id} />}
    </div>
  );
}
