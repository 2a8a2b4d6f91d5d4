import type { Dataset, DatasetJob, DatasetJobOptions, DatasetVersion } from '@argus/contracts';
import { Columns2, History, Stamp } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../../app/account.js';
import { useAction, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { useI18n } from '../../../i18n/i18n.js';
import { ToneIcon } from '../../../ui/badge.js';
import { Button } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { JobWatch } from '../jobs/job-watch.js';
import { OriginsSection } from './origins-section.js';
import { SealDialog } from './seal-dialog.js';
import { shortDigest } from '../short-digest.js';
import { VersionRow } from './version-row.js';

/** Sealed states of a set, newest first: what was made from what, what was changed, and the way back. */
export function VersionsTab({ dataset }: { dataset: Dataset }) {
  const { t } = useI18n();
  const mayWrite = useCan()('dataset.write');
  const versions = useCall('listDatasetVersions', { params: { id: dataset.id } });
  const [sealing, setSealing] = useState(false);
  const [watched, setWatched] = useState<DatasetJob['id'] | null>(null);
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const begin = useAction((body: DatasetJobOptions) => client.call('createDatasetJob', { params: { id: dataset.id }, body }), { refresh: ['listDatasetJobs'], onDone: ({ id }) => setWatched(id) });
  const compare = (from: string, to: string | null) => begin.mutate({ kind: 'compare-versions', from, to });
  if (versions.isPending) return <Skeleton rows={4} />;
  if (versions.isError && !versions.data) return <ErrorNotice error={versions.error} onRetry={() => void versions.refetch()} />;
  const chosen = ticked.filter((digest) => versions.data.some((one) => one.digest === digest && !one.isGone));
  const choose = (digest: string, on: boolean) => setTicked(on ? [...chosen.slice(-1), digest] : chosen.filter((one) => one !== digest));
  const seal = mayWrite && (
    <Button data-guide="seal" icon={Stamp} tone="primary" disabled={dataset.counts.samples === 0} title={dataset.counts.samples === 0 ? t('versions.nothing') : undefined} onClick={() => setSealing(true)}>
      {t('versions.seal')}
    </Button>
  );
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-260 flex-col gap-4 p-4">
        {versions.data.length > 0 && (
          <div className="flex flex-wrap items-center gap-2">
            <HeadState dataset={dataset} versions={versions.data} onCompare={mayWrite ? (head) => compare(head, null) : null} />
            <span className="ml-auto flex flex-wrap gap-2">
              {chosen.length === 1 && <span className="self-center text-s text-ink-3">{t('versions.pickOther')}</span>}
              {chosen.length === 2 && (
                <Button icon={Columns2} busy={begin.isPending} onClick={() => compare(...inOrder(chosen, versions.data))}>
                  {t('versions.compareTwo')}
                </Button>
              )}
              {seal}
            </span>
          </div>
        )}
        {watched && <JobWatch key={watched} id={watched} onClose={() => setWatched(null)} />}
        {versions.data.length === 0 ? (
          <EmptyState icon={History} title={t('versions.empty')} action={seal}>
            {t('versions.emptyWhy')}
          </EmptyState>
        ) : (
          <ol className="m-0 list-none p-0" aria-label={t('versions.label')}>
            {versions.data.map((version, index) => (
              <VersionRow
                key={version.digest}
                dataset={dataset}
                version={version}
                isLast={index === versions.data.length - 1}
                isChosen={chosen.includes(version.digest)}
                onChoose={mayWrite ? (on) => choose(version.digest, on) : null}
                onJob={(body) => begin.mutate(body)}
              />
            ))}
          </ol>
        )}
        <OriginsSection dataset={dataset} />
      </div>
      <SealDialog open={sealing} dataset={dataset} onBegun={setWatched} onClose={() => setSealing(false)} />
    </div>
  );
}

/** Whether what the set is now is in a version. */
function HeadState({ dataset: { head, isChanged }, versions, onCompare }: { dataset: Dataset; versions: readonly DatasetVersion[]; onCompare: ((head: string) => void) | null }) {
  const { t } = useI18n();
  const isThere = versions.some(({ digest, isGone }) => digest === head && !isGone);
  if (head === null) return <p className="m-0 flex items-center gap-2"><ToneIcon tone="caution" /> {t('versions.never')}</p>;
  if (!isChanged) return <p className="m-0 flex items-center gap-2"><ToneIcon tone="good" /> {t('versions.isNow')} <code className="text-ink-2">{shortDigest(head)}</code></p>;
  return (
    <p className="m-0 flex flex-wrap items-center gap-2">
      <ToneIcon tone="caution" /> {t('versions.changed')} <code className="text-ink-2">{shortDigest(head)}</code>
      {onCompare && isThere && (
        <Button tone="quiet" icon={Columns2} onClick={() => onCompare(head)}>
          {t('versions.sinceThen')}
        </Button>
      )}
    </p>
  );
}

/** The older one first, whichever was chosen first. */
function inOrder(chosen: readonly string[], versions: readonly DatasetVersion[]): [string, string] {
  const place = (digest: string): number => versions.findIndex((one) => one.digest === digest);
  const [older, newer] = [...chosen].sort((a, b) => place(b) - place(a));
  return [older as string, newer as string];
}
