import { isOpen } from '../../../app/is-open.js';
import type { Dataset, DatasetJob, DatasetJobResult, DatasetJobSummary } from '@argus/contracts';
import { ScanSearch } from 'lucide-react';
import { useCan } from '../../../app/account.js';
import { useAction, useAll, useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { HelpButton } from '../../../help/help-button.js';
import { percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Badge } from '../../../ui/badge.js';
import { Button } from '../../../ui/button.js';
import { Facts } from '../../../ui/facts.js';
import { Section } from '../../../ui/page.js';
import { ProgressBar } from '../../exports/progress-bar.js';
import { newJob } from '../jobs/job-draft.js';

type Grade = Extract<DatasetJobResult, { kind: 'grade' }>;

/** Workers tell nobody of progress: the browser asks. */
const ASK_EVERY_MS = 1000;
/** From here on irregular labels cost less than too little variety. */
const MANY_BOXES = 10_000;

/** How many different scenes a set shows, of those that are wanted, and what to do for more: as it was looked at last. */
export function ScenesPanel({ dataset }: { dataset: Dataset }) {
  const { t } = useI18n();
  const mayWrite = useCan()('dataset.write');
  const listed = useAll('listDatasetJobs', { input: { params: { id: dataset.id } }, refetchInterval: ({ state }) => ((state.data as DatasetJobSummary[] | undefined)?.some(isOpen) ? ASK_EVERY_MS : 15_000) });
  const jobs = (listed.data ?? []).filter(({ options }) => options.kind === 'grade');
  const last = jobs.find(({ state }) => state === 'done');
  const isWorking = jobs.some(isOpen);
  // What suits a detector is known without looking at a picture.
  const boxes = dataset.counts.annotations;
  const measure = useAction(() => client.call('createDatasetJob', { params: { id: dataset.id }, body: newJob('grade', { names: { crops: '', redacted: '' }, detector: null }) }), { refresh: ['listDatasetJobs'], said: () => t('scenes.begun') });
  const begin = mayWrite && (
    <Button icon={ScanSearch} busy={measure.isPending || isWorking} onClick={() => measure.mutate()}>
      {t(last ? 'scenes.again' : 'scenes.measure')}
    </Button>
  );
  return (
    <div className="rounded-m border border-line bg-surface" data-testid="scenes">
      <Section title={t('scenes.title')} action={<><HelpButton topic="scenes" />{begin}</>}>
        {last ? <LastGrade id={last.id} samples={dataset.counts.samples} /> : <p className="m-0 text-s text-ink-3">{t('scenes.none')}</p>}
        {(boxes > 0 || last) && <p className="m-0 text-s text-ink-2">{t(boxes > MANY_BOXES ? 'scenes.many' : 'scenes.few')}</p>}
      </Section>
    </div>
  );
}

function LastGrade({ id, samples }: { id: DatasetJob['id']; samples: number }) {
  const { t } = useI18n();
  const { data } = useCall('getDatasetJob', { params: { id } });
  const result = data?.result;
  if (result?.kind !== 'grade') return null;
  return (
    <>
      <SceneMeter result={result} />
      {result.samples !== samples && <p className="m-0 text-s text-ink-3">{t('scenes.stale', { count: result.samples, now: samples })}</p>}
    </>
  );
}

function SceneMeter({ result }: { result: Grade }) {
  const { t, locale } = useI18n();
  const { scenes, grade, wantedScenes } = result;
  const title = t('scenes.of', { count: whole(scenes.count, locale), wanted: whole(wantedScenes, locale) });
  return (
    <>
      <div className="flex flex-col gap-1">
        <span className="figures text-m font-medium">{title}</span>
        <ProgressBar share={Math.min(1, scenes.count / Math.max(1, wantedScenes))} label={title} />
      </div>
      <p className="m-0 flex flex-wrap items-center gap-2 text-m">
        <Badge tone={scenes.advice === 'enough' ? 'good' : scenes.advice === 'widen-sources' ? 'caution' : 'busy'}>{t(`scenes.advice.${scenes.advice}`)}</Badge>
        {t(`setJobs.advice.${scenes.advice}`)}
      </p>
      <Facts rows={[[t('scenes.chanceOfNew'), percent(scenes.chanceOfNew, locale)], [t('scenes.largest'), percent(scenes.inLargest, locale)], [t('scenes.grade'), t(`setJobs.grade.${grade}`)]]} />
      <MissingForNext result={result} />
    </>
  );
}

/** What the next grade takes. */
function MissingForNext({ result: { reasons } }: { result: Grade }) {
  const { t, locale } = useI18n();
  const missing = reasons.filter((reason) => reason.code !== 'repeats');
  const next = missing[0]?.grade;
  const texts = missing.map((reason) => (reason.code === 'incomplete' ? t('scenes.incomplete', { share: percent(reason.need, locale) }) : t(`scenes.${reason.code}`, { count: whole(reason.need - reason.have, locale) })));
  const repeats = reasons.find((reason) => reason.code === 'repeats');
  return (
    <>
      {next && <p className="m-0 text-s text-ink-2">{t('scenes.missing', { grade: t(`setJobs.grade.${next}`), list: texts.join(locale === 'zh' ? '、' : ', ') })}</p>}
      {repeats?.code === 'repeats' && <p className="m-0 text-s text-caution">{t('scenes.repeats', { count: whole(Math.round(repeats.perScene), locale) })}</p>}
    </>
  );
}
