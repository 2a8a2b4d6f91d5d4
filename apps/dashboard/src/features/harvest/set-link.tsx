import { targetOf, type Dataset, type DatasetId, type HarvestRecipe } from '@argus/contracts';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';

/** A first run has just made it: its name is not among those that were asked for before. */
const ASK_EVERY_MS = 2000;

/** The set that is filled, by its name. */
function SetLink({ id }: { id: DatasetId }) {
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

/** The sets of a matrix: those with the recipe's name as a tag. */
export const matrixPath = (recipeName: string): string => `/datasets?find=${encodeURIComponent(recipeName.slice(0, 60).trim())}`;

/** Where the pictures of a recipe or run are; nothing while there is no set. */
export function TargetLink({ recipe, datasetId }: { recipe: HarvestRecipe; datasetId: DatasetId | null }) {
  const { t } = useI18n();
  if (datasetId) return <SetLink id={datasetId} />;
  if (targetOf(recipe) === 'set') return null;
  return (
    <Link to={matrixPath(recipe.name)} className="min-w-0 clip font-medium text-accent">
      {t('harvest.matrix', { name: recipe.name })}
    </Link>
  );
}

export const hasTarget = (recipe: HarvestRecipe, datasetId: DatasetId | null): boolean => datasetId !== null || targetOf(recipe) === 'matrix';
