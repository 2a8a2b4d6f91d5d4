import type { Dataset } from '@argus/contracts';
import { useCallback, useMemo, useState } from 'react';
import { Navigate, useParams, useSearchParams } from 'react-router';
import { useCall } from '../../app/calls.js';
import { useWork } from '../../app/use-work.js';
import { useI18n } from '../../i18n/i18n.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { DropSign } from '../imports/drop-sign.js';
import { ImportPanel } from '../imports/import-panel.js';
import type { PickedFile } from '../imports/picked-files.js';
import { useDroppedFiles } from '../imports/use-dropped-files.js';
import { useMayImport } from '../imports/use-may-import.js';
import { BulkLine } from './bulk-line.js';
import { DatasetActions } from './dataset-actions.js';
import { DatasetForm } from './dataset-form.js';
import { JOB_KINDS } from './jobs/job-draft.js';
import { JobForm } from './jobs/job-form.js';
import { JobsTab } from './jobs/jobs-tab.js';
import type { DatasetTabProps } from './dataset-tab.js';
import { MatrixTab } from './matrix/matrix-tab.js';
import { PicturesTab } from './pictures/pictures-tab.js';
import { filterOf, searchOf, type PictureFilter } from './sample-filter.js';
import { StatisticsTab } from './statistics/statistics-tab.js';
import { VersionsTab } from './versions/versions-tab.js';
import { useBulk } from './use-bulk.js';

const TABS = ['matrix', 'pictures', 'statistics', 'versions', 'jobs', 'removed'] as const;
type Tab = (typeof TABS)[number];

const addressOf = (id: string, tab: Tab): string => (tab === 'matrix' ? `/datasets/${id}` : `/datasets/${id}/${tab}`);

/** One sample set: its matrix, its pictures, how it is made up, and what was taken out. */
export function DatasetPage() {
  const { t } = useI18n();
  const { id = '', tab = 'matrix' } = useParams();
  const dataset = useCall('getDataset', { params: { id } });
  const shown = TABS.find((one) => one === tab);
  if (!shown) return <Navigate to={addressOf(id, 'matrix')} replace />;
  if (dataset.isError && !dataset.data) return <ErrorNotice error={dataset.error} title={t('datasets.notFound')} onRetry={() => void dataset.refetch()} />;
  if (!dataset.data) return <Skeleton />;
  return <LoadedDataset key={id} dataset={dataset.data} tab={shown} />;
}

function LoadedDataset({ dataset, tab }: { dataset: Dataset; tab: Tab }) {
  const { t } = useI18n();
  const [search, setSearch] = useSearchParams();
  const [panelOf, setPanelOf] = useState<'form' | 'job' | 'import' | null>(null);
  const [files, setFiles] = useState<readonly PickedFile[] | null>(null);
  // An address may ask for a new job of a kind.
  const asked = JOB_KINDS.find((kind) => kind === search.get('new'));
  const close = () => {
    setPanelOf(null);
    if (asked) onFilter(filter);
  };
  const mayImport = useMayImport();
  const onFiles = useCallback((given: readonly PickedFile[]) => {
    setFiles(given);
    setPanelOf('import');
  }, []);
  const isOver = useDroppedFiles(mayImport ? onFiles : null);
  const bulk = useBulk();
  const filter = useMemo(() => filterOf(search), [search]);
  const onFilter = useCallback((next: PictureFilter, isStep = false) => setSearch(searchOf(next), { replace: !isStep }), [setSearch]);
  useWork(dataset.id, panelOf !== null || asked || tab === 'versions' || tab === 'jobs' ? 'preparing' : 'choosing');
  // What is filtered stays so over the tabs.
  const kept = searchOf(filter).toString();
  const tabs = TABS.map((one) => ({ to: `${addressOf(dataset.id, one)}${kept ? `?${kept}` : ''}`, text: t(`datasets.tab.${one}`) }));
  const props: DatasetTabProps = { dataset, filter, onFilter, bulk };
  const panel = panelOf === 'form' ? <DatasetForm dataset={dataset} onDone={close} onClose={close} /> : panelOf === 'job' || (panelOf === null && asked) ? <JobForm key={asked ?? ''} dataset={dataset} kind={asked} onDone={close} onClose={close} /> : panelOf === 'import' ? <ImportPanel dataset={dataset} files={files} onClose={close} /> : null;
  return (
    <Page title={dataset.name} back={{ to: '/datasets', text: t('nav.datasets') }} tabs={tabs} action={<DatasetActions dataset={dataset} bulk={bulk} onEdit={() => setPanelOf('form')} onImport={mayImport ? () => setPanelOf('import') : null} />} panel={panel}>
      <div className="flex h-full min-h-0 flex-col">
        <div className="min-h-0 flex-1">
          {tab === 'matrix' && <MatrixTab {...props} />}
          {tab === 'pictures' && <PicturesTab key="pictures" {...props} removed={false} />}
          {tab === 'statistics' && <StatisticsTab dataset={dataset} />}
          {tab === 'versions' && <VersionsTab dataset={dataset} />}
          {tab === 'jobs' && <JobsTab dataset={dataset} onNew={() => setPanelOf('job')} />}
          {tab === 'removed' && <PicturesTab key="removed" {...props} removed />}
        </div>
        <BulkLine bulk={bulk} />
        {isOver && <DropSign name={dataset.name} />}
      </div>
    </Page>
  );
}
