import { isOpen } from '../../app/is-open.js';
import type { HarvestRun } from '@argus/contracts';
import { Images, OctagonX, Play } from 'lucide-react';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { formatBytes, formatSpan, whole } from '../../i18n/format.js';
import { HelpButton } from '../../help/help-button.js';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Facts } from '../../ui/facts.js';
import { LinkButton } from '../../ui/link-button.js';
import { SidePanel } from '../../ui/side-panel.js';
import { Ago } from '../../ui/when.js';
import { ProgressBar } from '../exports/progress-bar.js';
import { recipeWords } from './recipe-words.js';
import { progressWords, shareOf, TONES } from './run-words.js';
import { hasTarget, matrixPath, TargetLink } from './set-link.js';
import { TroubleList } from './trouble-list.js';

/** One run: how far it is, what it took and left out, what could not be read, and the set that it fills. */
export function RunPanel({ run, onClose }: { run: HarvestRun; onClose: () => void }) {
  const { t, locale } = useI18n();
  const mayRun = useCan()('harvest.run');
  const isStopped = run.state === 'failed' || run.state === 'cancelled';
  const actions = mayRun && (isOpen(run) ? <StopButton run={run} /> : isStopped && <ResumeButton run={run} />);
  return (
    <SidePanel wide title={run.recipe.name} onClose={onClose} actions={<><HelpButton topic="run" />{actions}</>}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-col gap-2" role="status">
          <div className="flex flex-wrap items-center gap-3">
            <Badge tone={TONES[run.state]}>{t(`harvest.state.${run.state}`)}</Badge>
            {isOpen(run) && <span className="figures text-s text-ink-2">{progressWords(run, t, locale, Date.now())}</span>}
          </div>
          {isOpen(run) && <ProgressBar share={shareOf(run)} label={t('harvest.progress', { name: run.recipe.name })} />}
          {run.problem && <p className="m-0 rounded-m bg-alarm-soft p-3 text-m break-words text-ink">{serverWords(run.problem, locale)}</p>}
        </div>
        {run.state === 'done' && hasTarget(run.recipe, run.datasetId) && (
          <div>
            <LinkButton to={run.datasetId ? `/datasets/${run.datasetId}` : matrixPath(run.recipe.name)} icon={Images}>
              {t(run.datasetId ? 'harvest.openSet' : 'harvest.openMatrix')}
            </LinkButton>
          </div>
        )}
        {run.state === 'done' && run.segments.total === 0 && <p className="m-0 text-m text-ink-2">{t('harvest.nothingNew')}</p>}
        <RunFacts run={run} />
        <Troubles run={run} />
      </div>
    </SidePanel>
  );
}

function RunFacts({ run }: { run: HarvestRun }) {
  const { t, locale } = useI18n();
  const { segments, samples } = run;
  const rows = [
    [t('harvest.recipe'), <Link to={`/harvest/${run.recipeId}`} className="font-medium text-accent">{run.recipe.name}</Link>],
    [t('harvest.what'), <span className="text-ink-2 [overflow-wrap:anywhere]">{recipeWords(run.recipe, t, locale)}</span>],
    ...(hasTarget(run.recipe, run.datasetId) ? [[t('harvest.set'), <TargetLink recipe={run.recipe} datasetId={run.datasetId} />] as const] : []),
    [t('harvest.taken'), t('harvest.takenSize', { pictures: t('harvest.pictureCount', { count: samples.added }), size: formatBytes(run.bytes, locale) })],
    [t('harvest.leftKnown'), whole(samples.known, locale)],
    [t('harvest.leftNear'), whole(samples.near, locale)],
    [t('harvest.read'), t('harvest.files', { done: whole(segments.done + segments.failed + segments.rejected, locale), total: whole(segments.total, locale) })],
    ...(segments.rejected > 0 ? [[t('harvest.leftSmall'), t('harvest.videoCount', { count: segments.rejected })] as const] : []),
    [
      t('harvest.begun'),
      <>
        {run.createdBy} · <Ago at={run.createdAt} />
      </>,
    ],
    ...(run.startedAt && run.endedAt ? [[t('harvest.took'), formatSpan(Date.parse(run.endedAt) - Date.parse(run.startedAt), locale)] as const] : []),
  ] as const;
  return <Facts rows={rows} />;
}

function Troubles({ run: { troubles, segments } }: { run: HarvestRun }) {
  const { t } = useI18n();
  if (segments.failed === 0 && troubles.length === 0) return null;
  return (
    <section aria-label={t('harvest.troubles')} className="flex flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{t('harvest.troubles')}</h3>
      <p className="m-0 text-s text-ink-2">{t('harvest.troublesWhat', { count: segments.failed })}</p>
      <TroubleList troubles={troubles} />
    </section>
  );
}

function StopButton({ run }: { run: HarvestRun }) {
  const { t } = useI18n();
  const stop = useAction(() => client.call('cancelHarvestRun', { params: { id: run.id } }), { refresh: ['listHarvestRuns', 'getHarvestRun'], said: () => t('harvest.stopped', { name: run.recipe.name }) });
  return (
    <Button icon={OctagonX} busy={stop.isPending} onClick={() => stop.mutate()}>
      {t('harvest.stop')}
    </Button>
  );
}

function ResumeButton({ run }: { run: HarvestRun }) {
  const { t } = useI18n();
  const resume = useAction(() => client.call('resumeHarvestRun', { params: { id: run.id } }), { refresh: ['listHarvestRuns', 'getHarvestRun'], said: () => t('harvest.resumed', { name: run.recipe.name }) });
  return (
    <Button tone="primary" icon={Play} busy={resume.isPending} onClick={() => resume.mutate()}>
      {t('harvest.resume')}
    </Button>
  );
}
