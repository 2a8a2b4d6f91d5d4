import type { DatasetId } from '@argus/contracts';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';

/** The set that is filled, by its name. */
export function SetLink({ id }: { id: DatasetId }) {
  const { t } = useI18n();
  const can = useCan();
  const sets = useAll('listDatasets', { enabled: can('dataset.read') }).data;
  const name = sets?.find((one) => one.id === id)?.name;
  return (
    <Link to={`/datasets/${id}`} className="min-w-0 clip font-medium text-accent">
      {name ?? t('harvest.itsSet')}
    </Link>
  );
}
