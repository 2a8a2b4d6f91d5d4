import type { GuideStep, GuideStepId } from '@argus/contracts';
import { ArrowRight, ListOrdered, LocateFixed, X } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { Link } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { Button, IconButton } from '../../ui/button.js';
import { useGuide, useGuideSteps } from './guide-context.js';
import { GUIDE_SPOTS, nextStep } from './guide-places.js';

/** Pages come and go under it: it looks where its place is. */
const LOOK_EVERY_MS = 300;

/** While a step is followed: what to do here, and what comes next once it is done. */
export function GuideBar() {
  const { followed } = useGuide();
  return followed && <FollowedStep key={followed} id={followed} />;
}

function FollowedStep({ id }: { id: GuideStepId }) {
  const { t } = useI18n();
  const { leave, follow } = useGuide();
  const steps = useGuideSteps().data?.steps;
  const at = steps?.findIndex((one) => one.id === id) ?? -1;
  const step = steps?.[at];
  // What was done long ago is shown as it is: a step is finished once more than at the beginning is there.
  const isDone = useIsFinished(step);
  const lit = useLitSpot(id, !isDone);
  const next = steps && nextStep(steps);
  const bar = useRef<HTMLElement>(null);
  useHeightTold(bar);
  return (
    <section ref={bar} data-guide-bar aria-label={t('guide.title')} className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-accent bg-accent-soft px-4 py-2">
      <p role="status" className="m-0 min-w-60 flex-1 text-m max-sm:basis-full">
        <span className="font-semibold">{t('guide.step', { number: at + 1, total: steps?.length ?? 0, step: t(`guide.${id}`) })}</span>
        <span className="text-ink-2"> · {isDone ? t('guide.isDone') : t(`guide.here.${id}`)}</span>
      </p>
      {isDone && <Badge tone="good">{t('guide.state.done')}</Badge>}
      {!isDone && lit && (
        <Button tone="quiet" icon={LocateFixed} onClick={() => focusIn(lit)}>
          {t('guide.goThere')}
        </Button>
      )}
      {isDone && next && next.id !== id && (
        <Button tone="primary" icon={ArrowRight} onClick={() => follow(next)}>
          {t('guide.next', { step: t(`guide.${next.id}`) })}
        </Button>
      )}
      <Link to="/guide" className="inline-flex min-h-9 items-center gap-2 rounded-m px-2 text-m text-accent no-underline hover:bg-raised" onClick={leave}>
        <ListOrdered aria-hidden size={16} />
        {t('guide.all')}
      </Link>
      <IconButton icon={X} label={t('guide.leave')} className="max-sm:ml-auto" onClick={leave} />
    </section>
  );
}

/** Panels end above it, and what is said at the corner is said above it. */
function useHeightTold(bar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { style } = document.documentElement;
    const shown = bar.current;
    if (!shown) return;
    const observer = new ResizeObserver(() => style.setProperty('--guide-bar', `${shown.offsetHeight}px`));
    observer.observe(shown);
    return () => {
      observer.disconnect();
      style.removeProperty('--guide-bar');
    };
  }, [bar]);
}

function useIsFinished(step: GuideStep | undefined): boolean {
  const [before, setBefore] = useState<number | null>(null);
  const count = step?.count ?? null;
  if (before === null && count !== null) setBefore(count);
  return before !== null && count !== null && count > before;
}

/** Puts a ring around the first spot of a step that is on the screen, and brings it into view once. */
function useLitSpot(id: GuideStepId, isOn: boolean): HTMLElement | null {
  const [lit, setLit] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!isOn) return;
    let shown: HTMLElement | null = null;
    const look = () => {
      const found = GUIDE_SPOTS[id].flatMap((spot) => [...document.querySelectorAll<HTMLElement>(`[data-guide="${spot}"]`)]).find((one) => one.offsetParent !== null || one.getClientRects().length > 0) ?? null;
      if (found === shown) return;
      shown?.removeAttribute('data-guide-lit');
      found?.setAttribute('data-guide-lit', '');
      // A new thing is filled in from its top.
      if (!location.pathname.endsWith('/new')) found?.scrollIntoView({ block: 'nearest' });
      shown = found;
      setLit(found);
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      shown?.removeAttribute('data-guide-lit');
    };
  }, [id, isOn]);
  return isOn ? lit : null;
}

function focusIn(spot: HTMLElement): void {
  const control = spot.matches('button,input,select,a') ? spot : spot.querySelector<HTMLElement>('select,input,button,a,[tabindex]');
  spot.scrollIntoView({ block: 'center' });
  control?.focus();
}
