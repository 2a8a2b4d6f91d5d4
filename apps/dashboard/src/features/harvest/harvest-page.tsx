import { isOpen } from '../../app/is-open.js';
import { Plus, Sprout } from 'lucide-react';
import { useCallback } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll, useCall } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page, Section } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { GuideInvitation, GuideLink } from '../guide/guide-invitation.js';
import { RecipeRow } from './recipe-row.js';
import { RunPanel } from './run-panel.js';
import { RunRow } from './run-row.js';
import { useHarvestRuns } from './use-harvest-runs.js';

/** A first run makes its set, and a schedule moves on, without a word to the browser. */
const ASK_EVERY_MS = 5000;

/** Recipes, and what they have taken; a run opens beside the lists (`/harvest/runs/ID`). */
export function HarvestPage() {
  const { t } = useI18n();
  const { runId } = useParams();
  const navigate = useNavigate();
  const mayRun = useCan()('harvest.run');
  const recipes = useAll('listHarvestRecipes', { refetchInterval: ASK_EVERY_MS });
  const runs = useHarvestRuns();
  const close = useCallback(() => void navigate('/harvest'), [navigate]);
  const add = mayRun && (
    <LinkButton to="/harvest/new" icon={Plus} isPlain={recipes.data?.length === 0}>
      {t('harvest.new')}
    </LinkButton>
  );
  return (
    <Page title={t('nav.harvest')} action={<><GuideLink />{recipes.data?.length !== 0 && add}</>} panel={runId && <OpenRun key={runId} id={runId} onClose={close} />}>
      {recipes.isPending && <Skeleton />}
      {recipes.isError && !recipes.data && <ErrorNotice error={recipes.error} onRetry={() => void recipes.refetch()} />}
      {recipes.data?.length === 0 && (
        <GuideInvitation title={t('harvest.empty')} why={t('harvest.emptyWhy')} actions={add}>
          <EmptyState icon={Sprout} title={t('harvest.empty')} action={add}>
            {t('harvest.emptyWhy')}
          </EmptyState>
        </GuideInvitation>
      )}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('harvest.recipes')}>
        {recipes.data?.map((recipe) => (
          <RecipeRow key={recipe.id} recipe={recipe} />
        ))}
      </ul>
      {runs.isError && !runs.data && !recipes.isError && <ErrorNotice error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data && runs.data.items.length > 0 && (
        <Section title={t('harvest.runs')}>
          <ul className="-mx-4 m-0 flex list-none flex-col border-t border-line p-0" aria-label={t('harvest.runs')}>
            {runs.data.items.map((run) => (
              <RunRow key={run.id} run={run} selected={run.id === runId} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

/** One that is not among the newest is asked for alone. */
function OpenRun({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useI18n();
  const listed = useHarvestRuns().data?.items.find((run) => run.id === id);
  const own = useCall('getHarvestRun', { params: { id } }, { enabled: listed === undefined, refetchInterval: ({ state }) => (state.data && isOpen(state.data as Parameters<typeof isOpen>[0]) ? 1000 : ASK_EVERY_MS) });
  const run = listed ?? own.data;
  if (run) return <RunPanel run={run} onClose={onClose} />;
  return own.isError ? <ErrorNotice error={own.error} title={t('harvest.runNotFound')} /> : null;
}
