import type { Dataset, DatasetId } from '@argus/contracts';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';

/** A first run has just made it: its name is not among those that were asked for before. */
const ASK_EVERY_MS = 2000;

/** The set that is filled, by its name. */
export function SetLink({ id }: { id: DatasetId }) {
  const { t } = useI18n();
  const can = useCan();
  const sets = useAll('listDatasets', { enabled: can('dataset.read'), refetchInterval: ({ state }) => ((state.data as Dataset[] | undefined)?.some((one) => one.id === id) ? 60_000 : ASK_EVERY_MS) }).data;
  const name = sets?.find((one) => one.id === id)?.name;
  return (
    <Link to={`/datasets/${id}`} className="min-w-0 clip font-medium text-accent">
      {name ?? t('harvest.itsSet')}
    </Link>
  );
}
