import { isOpen } from '../../../app/is-open.js';
import type { Dataset, DatasetJobSummary, ModelSummary } from '@argus/contracts';
import { ScanSearch } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useCan } from '../../../app/account.js';
import { refresh, useAction, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { useI18n } from '../../../i18n/i18n.js';
import { serverWords } from '../../../i18n/server-words.js';
import { Button } from '../../../ui/button.js';
import { ProgressBar } from '../../exports/progress-bar.js';

/** Workers tell nobody of progress: the browser asks. */
const ASK_EVERY_MS = 1000;

interface MakeSearchableProps {
  readonly dataset: Dataset;
  /** What is to make the vectors; null: the shipped detector. */
  readonly model: ModelSummary['id'] | null;
  readonly onDone: () => void;
}

/** Begins to make the vectors that are missing, and shows how far that is; for who may not, nothing. */
export function MakeSearchable({ dataset, model, onDone }: MakeSearchableProps) {
  const { t, locale } = useI18n();
  const mayWrite = useCan()('dataset.write');
  const ofThis = ({ options }: DatasetJobSummary): boolean => options.kind === 'embed' && options.model === model;
  const jobs = useCall('listDatasetJobs', { params: { id: dataset.id }, query: { limit: 20 } }, { refetchInterval: ({ state }) => ((state.data as { items: DatasetJobSummary[] } | undefined)?.items.some((job) => ofThis(job) && isOpen(job)) ? ASK_EVERY_MS : 15_000) });
  const begin = useAction(() => client.call('createDatasetJob', { params: { id: dataset.id }, body: { kind: 'embed', model } }), { refresh: ['listDatasetJobs'] });
  const last = jobs.data?.items.find(ofThis);
  const works = last !== undefined && isOpen(last);
  const worked = useRef(false);
  useEffect(() => {
    if (worked.current && !works) {
      refresh(['getDatasetVectors']);
      onDone();
    }
    worked.current = works;
  }, [works, onDone]);
  if (works) {
    const { done, total } = last.progress;
    return (
      <div className="flex w-56 flex-col gap-1">
        <ProgressBar share={total > 0 ? done / total : 0} label={t('search.making')} />
        <p className="figures m-0 text-s text-ink-3">{t('setJobs.progress', { done, total })}</p>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-center gap-2">
      {last?.problem && <p className="m-0 text-s text-alarm">{serverWords(last.problem, locale)}</p>}
      {mayWrite && (
        <Button icon={ScanSearch} busy={begin.isPending} onClick={() => begin.mutate()}>
          {t('search.make')}
        </Button>
      )}
    </div>
  );
}
