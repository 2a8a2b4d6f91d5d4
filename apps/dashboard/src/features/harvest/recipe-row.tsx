import { isOpen } from '../../app/is-open.js';
import type { SavedHarvestRecipe } from '@argus/contracts';
import { Copy, Images, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { Button, IconButton } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Ago, When } from '../../ui/when.js';
import { recipeWords } from './recipe-words.js';
import { TONES } from './run-words.js';
import { hasTarget, TargetLink } from './set-link.js';
import { useLastRun } from './use-harvest-runs.js';

/** A recipe: what it takes, when it last ran and runs next, and where its pictures are. */
export function RecipeRow({ recipe }: { recipe: SavedHarvestRecipe }) {
  const { t, locale } = useI18n();
  const mayRun = useCan()('harvest.run');
  const last = useLastRun(recipe.id);
  return (
    <li aria-label={recipe.name} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 hover:bg-raised">
      <div className="flex min-w-60 flex-1 flex-col gap-1">
        <Link to={`/harvest/${recipe.id}`} className="min-w-0 clip font-semibold text-ink no-underline hover:underline">
          {recipe.name}
        </Link>
        <span className="text-s text-ink-2 [overflow-wrap:anywhere]">{recipeWords(recipe, t, locale)}</span>
        <span className="figures flex flex-wrap items-center gap-x-4 gap-y-1 text-s text-ink-3">
          {last === null && <span>{t('harvest.neverRan')}</span>}
          {last && (
            <Link to={`/harvest/runs/${last.id}`} className="flex items-center gap-2 text-ink-3 no-underline hover:text-ink">
              <Badge tone={TONES[last.state]}>{t(`harvest.state.${last.state}`)}</Badge>
              <span>
                <Ago at={last.createdAt} /> · {t('harvest.added', { count: last.samples.added })}
              </span>
            </Link>
          )}
          {recipe.nextRunAt && (
            <span>
              {t('harvest.next')} <When at={recipe.nextRunAt} zone={recipe.calendar.timeZone ?? 'UTC'} />
            </span>
          )}
          {hasTarget(recipe, recipe.datasetId) && (
            <span className="flex min-w-0 items-center gap-1">
              <Images aria-hidden size={14} className="shrink-0" />
              <TargetLink recipe={recipe} datasetId={recipe.datasetId} />
            </span>
          )}
        </span>
      </div>
      {mayRun && (
        <div className="flex items-center gap-1">
          <RunButton recipe={recipe} isBusy={last ? isOpen(last) : false} />
          <LinkIcons recipe={recipe} />
          <DeleteRecipe recipe={recipe} />
        </div>
      )}
    </li>
  );
}

function LinkIcons({ recipe }: { recipe: SavedHarvestRecipe }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  return (
    <>
      <IconButton icon={Pencil} label={t('harvest.edit', { name: recipe.name })} onClick={() => void navigate(`/harvest/${recipe.id}`)} />
      <IconButton icon={Copy} label={t('harvest.copy', { name: recipe.name })} onClick={() => void navigate(`/harvest/new?copy=${recipe.id}`)} />
    </>
  );
}

function RunButton({ recipe, isBusy }: { recipe: SavedHarvestRecipe; isBusy: boolean }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const start = useAction(() => client.call('startHarvestRun', { params: { id: recipe.id } }), { refresh: ['listHarvestRuns'], onDone: ({ id }) => void navigate(`/harvest/runs/${id}`) });
  return (
    <Button icon={Play} busy={start.isPending} disabled={isBusy} title={isBusy ? t('harvest.runsAlready') : undefined} aria-label={t('harvest.runName', { name: recipe.name })} onClick={() => start.mutate()}>
      {t('harvest.run')}
    </Button>
  );
}

function DeleteRecipe({ recipe: { id, name } }: { recipe: SavedHarvestRecipe }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteHarvestRecipe', { params: { id } }), { refresh: ['listHarvestRecipes', 'listHarvestRuns'], said: () => t('harvest.deleted', { name }), onDone: () => setAsking(false) });
  return (
    <>
      <IconButton icon={Trash2} label={t('harvest.delete', { name })} onClick={() => setAsking(true)} />
      <ConfirmDialog open={asking} title={t('harvest.deleteAsk', { name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('harvest.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
