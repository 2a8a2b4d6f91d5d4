import type { Dataset, DatasetJob } from '@argus/contracts';
import { Pause, Play, Trash2, X } from 'lucide-react';
import { Link } from 'react-router';
import { useAction, useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { formatBytes, formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { JobWatch } from '../datasets/jobs/job-watch.js';
import { ProgressBar } from '../exports/progress-bar.js';
import { endImport, goOnWithImport, pauseImport, type ImportState } from './import-run.js';
import { UploadRefusedError } from './tus-upload.js';

/** A file that is sent, then what the worker makes of it. */
export function ImportProgress({ run }: { run: ImportState }) {
  const { t } = useI18n();
  const { phase, into, jobId, error } = run;
  if (phase === 'working' && jobId) {
    return (
      <>
        <JobWatch id={jobId} />
        {into.id && <Link to={`/datasets/${into.id}`}>{t('imports.toSet')}</Link>}
        {into.id && run.isNew && <EmptySet id={into.id} jobId={jobId} />}
      </>
    );
  }
  return (
    <div role="status" className="flex flex-col gap-3 rounded-m border border-line p-3">
      <span className="font-medium wrap-anywhere">{t('imports.sending', { name: run.name })}</span>
      <ProgressBar share={run.bytes > 0 ? run.sent / run.bytes : 0} label={t('imports.sending', { name: run.name })} />
      <span className="figures flex flex-wrap items-center gap-2 text-s text-ink-3">
        <Sent run={run} />
        {phase === 'paused' && <Badge tone="calm">{t('imports.paused')}</Badge>}
      </span>
      {phase === 'sending' && run.isLost && <p className="m-0 text-s text-caution">{t('imports.lost')}</p>}
      {phase === 'failed' && (error instanceof UploadRefusedError ? <p role="alert" className="m-0 text-s text-alarm">{refusal(error, t)}</p> : <ErrorNotice error={error} title={t('imports.failed')} />)}
      <div className="flex flex-wrap gap-2">
        {phase === 'sending' ? (
          <Button icon={Pause} onClick={pauseImport}>
            {t('imports.pause')}
          </Button>
        ) : (
          <Button icon={Play} tone="primary" onClick={goOnWithImport}>
            {t('imports.goOn')}
          </Button>
        )}
        <Button icon={X} onClick={endImport}>
          {t('imports.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** Nothing came into the set that was made for it: folders have sets of their own, or the archive was refused. */
function EmptySet({ id, jobId }: { id: Dataset['id']; jobId: DatasetJob['id'] }) {
  const { t } = useI18n();
  const dataset = useCall('getDataset', { params: { id } }).data;
  const state = useCall('getDatasetJob', { params: { id: jobId } }).data?.state;
  const remove = useAction(() => client.call('deleteDataset', { params: { id } }), { refresh: ['listDatasets'], onDone: endImport });
  if (dataset?.counts.samples !== 0 || (state !== 'done' && state !== 'failed' && state !== 'cancelled')) return null;
  return (
    <Button icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate()}>
      {t('imports.removeEmpty', { name: dataset.name })}
    </Button>
  );
}

function Sent({ run: { sent, bytes, speed, phase } }: { run: ImportState }) {
  const { t, locale } = useI18n();
  const [done, total] = [formatBytes(sent, locale), formatBytes(bytes, locale)];
  if (phase !== 'sending' || speed === null || speed <= 0) return <span>{t('imports.sent', { done, total })}</span>;
  return <span>{t('imports.speed', { done, total, speed: formatBytes(speed, locale), left: formatSpan(((bytes - sent) / speed) * 1000, locale) })}</span>;
}

function refusal({ reason, message }: UploadRefusedError, t: ReturnType<typeof useI18n>['t']): string {
  if (reason === 'room') return t('imports.tooLittleRoom');
  return reason === 'gone' ? t('imports.uploadGone') : `${t('imports.failed')}: ${message}`;
}
