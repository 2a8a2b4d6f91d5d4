import type { DatasetJobResult } from '@argus/contracts';
import { Link } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';

const MOST_SHOWN = 30;

/** Sets that an import made, one for each folder. */
export function SetLinks({ sets = [] }: { sets: Extract<DatasetJobResult, { kind: 'import' }>['sets'] | undefined }) {
  const { t } = useI18n();
  if (sets.length === 0) return null;
  return (
    <p className="m-0 flex flex-wrap gap-x-3 gap-y-1 text-s">
      <span className="text-ink-3">{t('setJobs.r.sets', { count: sets.length })}</span>
      {sets.slice(0, MOST_SHOWN).map(({ name, datasetId }) => (
        <Link key={datasetId} to={`/datasets/${datasetId}`} className="max-w-60 clip">
          {name}
        </Link>
      ))}
      {sets.length > MOST_SHOWN && <Link to="/datasets">{t('datasets.moreLabels', { count: sets.length - MOST_SHOWN })}</Link>}
    </p>
  );
}
