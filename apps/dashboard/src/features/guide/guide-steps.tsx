import type { GuideStep } from '@argus/contracts';
import { ArrowRight, Check } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Skeleton } from '../../ui/skeleton.js';
import { useGuide, useGuideSteps } from './guide-context.js';
import { nextStep } from './guide-places.js';

const TONES: Readonly<Record<GuideStep['state'], Tone>> = { waiting: 'calm', ready: 'busy', done: 'good' };

/** The data loop in the order in which it is learnt; what there is here says how far it is. */
export function GuideSteps() {
  const { t } = useI18n();
  const guide = useGuideSteps();
  if (guide.isError && !guide.data) return <ErrorNotice error={guide.error} onRetry={() => void guide.refetch()} />;
  if (!guide.data) return <Skeleton rows={7} className="h-16" />;
  const { steps } = guide.data;
  const next = nextStep(steps);
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <>
      <p role="status" className="m-0 text-m text-ink-2">
        {done === steps.length ? t('guide.allDone') : t('guide.progress', { done, total: steps.length })}
      </p>
      <ol aria-label={t('guide.title')} className="m-0 flex list-none flex-col rounded-m border border-line bg-surface p-0">
        {steps.map((step, at) => (
          <StepRow key={step.id} step={step} number={at + 1} isNext={step === next} />
        ))}
      </ol>
    </>
  );
}

function StepRow({ step, number, isNext }: { step: GuideStep; number: number; isNext: boolean }) {
  const { t } = useI18n();
  const { id, state, count } = step;
  return (
    <li data-step={id} data-state={state} aria-current={isNext ? 'step' : undefined} className={`grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-2 border-line p-4 not-first:border-t sm:grid-cols-[auto_minmax(0,1fr)_12rem] ${isNext ? 'bg-accent-soft' : ''}`}>
      <StepSign number={number} isDone={state === 'done'} isNext={isNext} />
      <div className="flex min-w-0 flex-col gap-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="text-m font-semibold">{t(`guide.${id}`)}</span>
          <Badge tone={TONES[state]}>{t(`guide.state.${state}`)}</Badge>
          {state === 'done' && <span className="figures text-s text-ink-2">{t(`guide.count.${id}`, { count })}</span>}
        </span>
        <span className="text-m">{t(`guide.what.${id}`)}</span>
        <span className="text-s text-ink-2">{t(`guide.why.${id}`)}</span>
      </div>
      <div className="max-sm:col-start-2 sm:self-center sm:justify-self-end sm:text-right">
        <StepAction step={step} isNext={isNext} />
      </div>
    </li>
  );
}

function StepSign({ number, isDone, isNext }: { number: number; isDone: boolean; isNext: boolean }) {
  return (
    <span aria-hidden className={`figures grid size-7 place-items-center rounded-full text-s font-semibold ${isDone ? 'bg-good-soft text-good' : isNext ? 'bg-accent-fill text-on-accent' : 'bg-raised text-ink-2'}`}>
      {isDone ? <Check size={16} /> : number}
    </span>
  );
}

/** Only what the caller may do has a button; else it is said what is missing. */
export function StepAction({ step, isNext }: { step: GuideStep; isNext: boolean }) {
  const { t } = useI18n();
  const { follow } = useGuide();
  if (step.missing.length > 0)
    return (
      <p className="m-0 max-w-60 text-s text-ink-2">
        {t('guide.missing')} <code className="font-mono [overflow-wrap:anywhere]">{step.missing.join(', ')}</code>
      </p>
    );
  if (step.state === 'waiting') return <p className="m-0 max-w-60 text-s text-ink-2">{t(`guide.waits.${step.id === 'review' ? 'labels' : step.id === 'harvest' ? 'footage' : 'pictures'}`)}</p>;
  return (
    <Button tone={isNext ? 'primary' : 'plain'} icon={ArrowRight} aria-label={t('guide.showStep', { step: t(`guide.${step.id}`) })} onClick={() => follow(step)}>
      {t(step.state === 'done' ? 'guide.again' : 'guide.show')}
    </Button>
  );
}
