import { ChevronFirst, ChevronLast, Minus, Pause, Play, Plus, ScanSearch, Scissors, SkipBack, SkipForward, StepBack, StepForward } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { formatClock, formatDateTime, formatUtc } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { CONTROL_AUTO } from '../../ui/field.js';
import type { FootageStage } from './player/footage-stage.js';
import { RATES } from './player/playback-clock.js';
import type { TimelineAction } from './timeline-keys.js';
import { useStage } from './use-stage.js';

interface TransportBarProps {
  readonly stage: FootageStage;
  readonly timeZone: string;
  readonly boxes: boolean;
  readonly onAction: (action: TimelineAction) => void;
  /** What is protected. */
  readonly holds: ReactNode;
}

/** Play, steps, jumps, pace; the moment in large figures in the middle; zoom at the right. */
export function TransportBar({ stage, timeZone, boxes, onAction, holds }: TransportBarProps) {
  const { t } = useI18n();
  const { playing } = useStage(stage);
  const button = (action: TimelineAction, icon: typeof Play, label: string) => <IconButton icon={icon} label={label} onClick={() => onAction(action)} />;
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-2 border-t border-line bg-surface px-2 py-1 md:grid-cols-[1fr_auto_1fr]" role="group" aria-label={t('timeline.transport')}>
      <Moment stage={stage} timeZone={timeZone} />
      <div className="col-span-2 row-start-2 flex items-center justify-center md:col-span-1 md:col-start-2 md:row-start-1">
        {button('previousEvent', SkipBack, t('timeline.previousEvent'))}
        {button('stepBack', StepBack, t('timeline.stepBack'))}
        <IconButton tone="primary" icon={playing ? Pause : Play} label={t(playing ? 'timeline.pause' : 'timeline.play')} className="mx-1 min-w-11" onClick={() => onAction('toggle')} />
        {button('stepAhead', StepForward, t('timeline.stepAhead'))}
        {button('nextEvent', SkipForward, t('timeline.nextEvent'))}
        <span aria-hidden className="mx-1 hidden h-5 w-px bg-line sm:block" />
        <span className="hidden sm:contents">{button('previousFootage', ChevronFirst, t('timeline.previousFootage'))}</span>
        {button('nextFootage', ChevronLast, t('timeline.nextFootage'))}
        <Pace stage={stage} />
      </div>
      <div className="flex items-center justify-end md:col-start-3">
        <IconButton icon={ScanSearch} label={t('timeline.boxes')} aria-pressed={boxes} className={boxes ? 'bg-accent-soft text-ink' : ''} onClick={() => onAction('boxes')} />
        {holds}
        {button('mark', Scissors, t('timeline.mark'))}
        {button('zoomOut', Minus, t('timeline.zoomOut'))}
        {button('zoomIn', Plus, t('timeline.zoomIn'))}
      </div>
    </div>
  );
}

/** The time that is shown, in the site's zone; hovering gives UTC. */
export function Moment({ stage, timeZone }: { stage: FootageStage; timeZone: string }) {
  const { locale } = useI18n();
  const [ms, setMs] = useState(stage.positionMs);
  useEffect(() => {
    const look = () => setMs(stage.positionMs);
    const timer = setInterval(look, 100);
    const stop = stage.subscribe(look);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [stage]);
  const at = new Date(ms).toISOString();
  const clock = formatClock(at, timeZone, locale);
  const day = formatDateTime(at, timeZone, locale, Date.now()).replace(clock, '').replace(/[,\s]+$/, '');
  return (
    <time dateTime={at} title={`${formatUtc(at)} · ${timeZone}`} data-testid="timeline-moment" className="figures flex min-w-0 items-baseline gap-x-2 px-2 whitespace-nowrap">
      <span className="text-l font-semibold">
        {clock}
        <span className="text-s font-normal text-ink-3">.{String(Math.floor(ms % 1000)).padStart(3, '0')}</span>
      </span>
      <span className="text-s text-ink-2 max-sm:hidden">{day}</span>
      <span className="hidden clip text-s text-ink-3 lg:inline">{timeZone}</span>
    </time>
  );
}

function Pace({ stage }: { stage: FootageStage }) {
  const { t } = useI18n();
  const { rate } = useStage(stage);
  const rates: number[] = (RATES as readonly number[]).includes(rate) ? [...RATES] : [rate, ...RATES];
  return (
    <select aria-label={t('timeline.pace')} title={t('timeline.pace')} value={rate} onChange={(event) => stage.setRate(Number(event.target.value))} className={`${CONTROL_AUTO} figures ml-1 px-1`}>
      {rates.map((one) => (
        <option key={one} value={one}>
          {one}×
        </option>
      ))}
    </select>
  );
}
