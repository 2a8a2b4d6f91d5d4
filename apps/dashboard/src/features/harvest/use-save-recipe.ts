import type { HarvestRecipe, HarvestRecipeId } from '@argus/contracts';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { useToasts } from '../../ui/toasts.js';

/** Saves a recipe and, where wished, runs it. What was saved stays saved when it cannot be run: then its form is gone back to. */
export function useSaveRecipe(id: HarvestRecipeId | null, onPath: (path: string) => void) {
  const { t } = useI18n();
  const toasts = useToasts();
  return useAction(
    async ({ recipe, run }: { recipe: HarvestRecipe; run: boolean }) => {
      const saved = await (id ? client.call('updateHarvestRecipe', { params: { id }, body: recipe }) : client.call('createHarvestRecipe', { body: recipe }));
      if (!run) return { saved, path: '/harvest', problem: null };
      try {
        const { id: runId } = await client.call('startHarvestRun', { params: { id: saved.id } });
        return { saved, path: `/harvest/runs/${runId}`, problem: null };
      } catch (problem) {
        return { saved, path: `/harvest/${saved.id}`, problem };
      }
    },
    {
      refresh: ['listHarvestRecipes', 'getHarvestRecipe', 'listHarvestRuns'],
      said: ({ saved }) => t('harvest.saved', { name: saved.name }),
      ownErrors: true,
      onDone: ({ path, problem }) => {
        if (problem) toasts.fail(problem);
        onPath(path);
      },
    },
  );
}
