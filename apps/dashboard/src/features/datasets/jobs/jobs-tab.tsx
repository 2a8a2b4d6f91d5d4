import { isOpen } from '../../../app/is-open.js';
import type { Dataset, DatasetJobSummary } from '@argus/contracts';
import { Plus, RotateCcw, Square, Wand } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../../app/account.js';
import { useAction, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { HelpButton } from '../../../help/help-button.js';
import { formatSpan } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { serverWords } from '../../../i18n/server-words.js';
import { Badge } from '../../../ui/badge.js';
import { Button } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Ago } from '../../../ui/when.js';
import { ProgressBar } from '../../exports/progress-bar.js';
import { choiceWords } from './choice-words.js';
import { JobResult } from './job-result.js';
import { JOB_TONES } from './job-watch.js';

/** Workers tell nobody of progress: the browser asks. */
const ASK_EVERY_MS = 1000;

/** What was done with the whole set, and is being done. */
export function JobsTab({ dataset, onNew }: { dataset: Dataset; onNew: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const jobs = useCall('listDatasetJobs', { params: { id: dataset.id }, query: { limit: 50 } }, { refetchInterval: ({ state }) => ((state.data as { items: DatasetJobSummary[] } | undefined)?.items.some(isOpen) ? ASK_EVERY_MS : 15_000) });
  const begin = can('dataset.write') && (
    <Button icon={Plus} tone="primary" onClick={onNew}>
      {t('setJobs.new')}
    </Button>
  );
  if (jobs.isPending) return <Skeleton rows={3} />;
  if (jobs.isError) return <ErrorNotice error={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.data.items.length === 0) return <EmptyState icon={Wand} title={t('setJobs.empty')} action={<span className="flex flex-wrap justify-center gap-2"><HelpButton topic="choosing" withText />{begin}</span>}>{t('setJobs.emptyWhy')}</EmptyState>;
  return (
    <div className="h-full overflow-auto">
      <div className="flex justify-end gap-2 px-4 py-2">
        <HelpButton topic="choosing" withText />
        {begin}
      </div>
      <ul className="m-0 list-none p-0">
        {jobs.data.items.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </div>
  );
}

function JobRow({ job }: { job: DatasetJobSummary }) {
  const { t, locale } = useI18n();
  const mayWrite = useCan()('dataset.write');
  const [open, setOpen] = useState(false);
  const { done, total, secondsLeft } = job.progress;
  const name = t(`setJobs.kind.${job.options.kind}`);
  const choice = choiceWords(job.options, t);
  const cancel = useAction(() => client.call('cancelDatasetJob', { params: { id: job.id } }), { refresh: ['listDatasetJobs'] });
  const resume = useAction(() => client.call('resumeDatasetJob', { params: { id: job.id } }), { refresh: ['listDatasetJobs'] });
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{name}</span>
        {choice && <span className="min-w-0 clip text-s text-ink-2">{choice}</span>}
        <Badge tone={JOB_TONES[job.state]}>{t(`setJobs.state.${job.state}`)}</Badge>
        <span className="text-s text-ink-3">
          {job.createdBy} · <Ago at={job.endedAt ?? job.createdAt} />
        </span>
        <span className="ml-auto flex gap-2">
          {job.state === 'done' && (
            <Button aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? 'setJobs.hide' : 'setJobs.show')}
            </Button>
          )}
          {mayWrite && isOpen(job) && (
            <Button icon={Square} busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('setJobs.cancel')}
            </Button>
          )}
          {mayWrite && (job.state === 'failed' || job.state === 'cancelled') && (
            <Button icon={RotateCcw} busy={resume.isPending} onClick={() => resume.mutate()}>
              {t('setJobs.resume')}
            </Button>
          )}
        </span>
      </div>
      {isOpen(job) && (
        <>
          <ProgressBar share={total > 0 ? done / total : 0} label={name} />
          <p className="figures m-0 text-s text-ink-3">
            {job.state === 'queued' ? t('setJobs.waiting') : t('setJobs.progress', { done, total })}
            {secondsLeft !== null && ` · ${t('setJobs.left', { span: formatSpan(secondsLeft * 1000, locale) })}`}
          </p>
        </>
      )}
      {job.problem && <p className="m-0 text-s wrap-anywhere text-alarm">{serverWords(job.problem, locale)}</p>}
      {open && <JobResult id={job.id} />}
    </li>
  );
}
