import type { HarvestRecipe, NamePattern, SavedHarvestRecipe } from '@argus/contracts';
import { Play, Save } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useCall } from '../../app/calls.js';
import { useWork } from '../../app/use-work.js';
import { HelpButton } from '../../help/help-button.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { TextField } from '../../ui/field.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { copyOf, draftOf, previewWish, readDraft, startDraft, type HarvestDraft, type HarvestField } from './harvest-draft.js';
import type { FormPartProps } from './form-part-props.js';
import { refusalOf } from './harvest-refusals.js';
import { PreviewLine, PreviewPanel } from './preview-panel.js';
import { GuideLink } from '../guide/guide-invitation.js';
import { RecipeCalendar } from './recipe-calendar.js';
import { RecipeCameras } from './recipe-cameras.js';
import { RecipePictures } from './recipe-pictures.js';
import { RecipeSampling } from './recipe-sampling.js';
import { RecipeSource } from './recipe-source.js';
import { RecipeSchedule, RecipeTarget } from './recipe-target.js';
import { RecipeVideos } from './recipe-videos.js';
import { recipeWords } from './recipe-words.js';
import { usePreview } from './use-preview.js';
import { useSaveRecipe } from './use-save-recipe.js';

/** The local date of whoever looks. */
const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** A recipe, new, changed, or a copy of another (`/harvest/new?copy=ID`): what it would take is counted while it is written. */
export function RecipePage() {
  const { id = 'new' } = useParams();
  const [search] = useSearchParams();
  const copied = search.get('copy');
  if (id !== 'new') return <SavedRecipe key={id} id={id} isCopy={false} />;
  if (copied) return <SavedRecipe key={`copy ${copied}`} id={copied} isCopy />;
  return <RecipeEditor key="new" saved={null} start={startDraft(today())} />;
}

function SavedRecipe({ id, isCopy }: { id: string; isCopy: boolean }) {
  const { t } = useI18n();
  const recipe = useCall('getHarvestRecipe', { params: { id } }, { staleTime: 0 });
  if (recipe.isError && !recipe.data) return <ErrorNotice error={recipe.error} title={t('harvest.notFound')} onRetry={() => void recipe.refetch()} />;
  // The form starts from what is stored now, and later news do not take away what is being written.
  if (!recipe.data || !recipe.isFetchedAfterMount) return <Skeleton />;
  if (isCopy) return <RecipeEditor key={id} saved={null} start={draftOf(copyOf(recipe.data, t('harvest.copyName', { name: recipe.data.name })), today())} />;
  return <RecipeEditor key={id} saved={recipe.data} start={draftOf(recipe.data, today())} />;
}

function RecipeEditor({ saved, start }: { saved: SavedHarvestRecipe | null; start: HarvestDraft }) {
  const { t, locale } = useI18n();
  const navigate = useNavigate();
  const mayRun = useCan()('harvest.run');
  const [first] = useState(start);
  const [draft, setDraft] = useState(first);
  const [typed, setTyped] = useState<NamePattern | null>(null);
  const [tried, setTried] = useState(false);
  const wish = useMemo(() => previewWish(draft, typed), [draft, typed]);
  // A set that is only made by the run has no time yet.
  useWork(draft.target === 'one' ? draft.datasetId : null, 'preparing');
  const preview = usePreview(wish, mayRun);
  const save = useSaveRecipe(saved?.id ?? null, (path) => void navigate(path, { replace: saved === null }));
  const ofVideos = draft.source !== 'cameras';
  const refusal = refusalOf(save.error, locale, ofVideos) ?? refusalOf(preview.error, locale, ofVideos);
  const { problems } = readDraft(draft);
  const errorOf = (field: HarvestField) => {
    const problem = tried ? problems?.[field] : undefined;
    return problem ? t(problem) : refusal?.field === field ? refusal.text : undefined;
  };
  const onDraft: FormPartProps['onDraft'] = (part) => {
    setDraft((before) => ({ ...before, ...(typeof part === 'function' ? part(before) : part) }));
    save.reset();
  };
  const submit = (run: boolean) => {
    setTried(true);
    const { recipe } = readDraft(draft);
    if (recipe) save.mutate({ recipe, run });
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus());
  };
  const part = { draft, errorOf, onDraft };
  const isDirty = draft !== first || typed !== null;
  return (
    <Page title={saved ? saved.name : t('harvest.new')} action={<SaveButtons mayRun={mayRun} busy={save.isPending} onRun={() => submit(true)} />}>
      <LeaveGuard dirty={isDirty && mayRun && !save.isPending && !save.isSuccess} />
      <form
        id="recipe"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        {mayRun && <PreviewLine preview={preview} ofVideos={ofVideos} endsYesterday={draft.dates === 'last'} isStale={wish === null} />}
        <div className="grid gap-x-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] xl:max-w-320">
          <fieldset disabled={!mayRun} className="m-0 min-w-0 border-0 p-0">
            {save.isError && !refusalOf(save.error, locale) && <ErrorNotice error={save.error} />}
            <div className="p-4 pb-0">
              <TextField label={t('harvest.name')} value={draft.name} onValue={(name) => onDraft({ name })} error={errorOf('name')} maxLength={120} placeholder={t('harvest.nameExample')} autoFocus={saved === null} />
            </div>
            <RecipeSource {...part} />
            {!ofVideos && (
              <>
                <RecipeCameras {...part} refusal={refusal} onTyped={setTyped} />
                <RecipeCalendar {...part} />
              </>
            )}
            {ofVideos && <RecipeVideos {...part} refusal={refusal} />}
            <RecipeSampling {...part} />
            <RecipePictures {...part} />
            <RecipeTarget {...part} />
            <RecipeSchedule {...part} />
          </fieldset>
          <div className="min-w-0 p-4 pt-4 lg:sticky lg:top-0 lg:self-start">{mayRun && <PreviewPanel preview={preview} ofVideos={ofVideos} endsYesterday={draft.dates === 'last'} isStale={wish === null} words={wish ? recipeWords(wish as HarvestRecipe, t, locale) : ''} />}</div>
        </div>
      </form>
    </Page>
  );
}

function SaveButtons({ mayRun, busy, onRun }: { mayRun: boolean; busy: boolean; onRun: () => void }) {
  const { t } = useI18n();
  const title = mayRun ? undefined : t('ui.mayNot');
  return (
    <>
      <GuideLink small />
      <HelpButton topic="recipe" />
      <Button type="submit" form="recipe" icon={Save} disabled={!mayRun || busy} title={title}>
        {t('harvest.save')}
      </Button>
      <Button data-guide="harvest" tone="primary" icon={Play} busy={busy} disabled={!mayRun} title={title} onClick={onRun}>
        {t('harvest.saveRun')}
      </Button>
    </>
  );
}
