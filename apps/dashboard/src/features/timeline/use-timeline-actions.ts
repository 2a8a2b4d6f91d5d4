import type { Timeline } from '@argus/contracts';
import { useMemo, useRef } from 'react';
import { useKeys } from '../../app/shortcuts.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { useToasts } from '../../ui/toasts.js';
import { BEFORE_EVENT_MS } from './footage-spans.js';
import type { FootageStage } from './player/footage-stage.js';
import { HOUR_MS, viewWith, zoomView, type TimeView } from './time-view.js';
import { TIMELINE_KEYS, type TimelineAction } from './timeline-keys.js';
import type { Selection } from './use-ruler-gestures.js';
import { dayOf, dayView, sameTimeOn, shiftDay } from './zoned-day.js';

interface ActionContext {
  readonly stage: FootageStage;
  readonly cameraIds: readonly string[];
  readonly timeZone: string;
  readonly setView: (change: (view: TimeView) => TimeView) => void;
  readonly selection: Selection | null;
  readonly setSelection: (selection: Selection | null) => void;
  readonly leaveAlone: (() => void) | null;
}

/** First near, then far: an answer has the newest marks of its range only, and the nearest are wanted. */
const LOOK_FOR_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 31 * 24 * HOUR_MS] as const;
const ZOOM = 1.6;
/** What was just recorded is in a file some seconds later. */
const NOW_MS = 30_000;

/** Everything that keys and buttons do. */
export function useTimelineActions(context: ActionContext) {
  const { t } = useI18n();
  const toasts = useToasts();
  const latest = useRef({ context, toasts, t });
  latest.current = { context, toasts, t };
  return useMemo(() => {
    const now = () => latest.current.context;
    const seek = (ms: number) => {
      now().stage.seek(ms);
      now().setView((view) => viewWith(view, now().stage.positionMs));
    };
    const jump = async (what: 'event' | 'footage', direction: 1 | -1) => {
      const { stage, cameraIds, setView } = now();
      try {
        if (await jumpFar(stage, cameraIds, what, direction)) setView((view) => viewWith(view, stage.positionMs));
        else latest.current.toasts.say(latest.current.t(what === 'event' ? 'timeline.noMoreEvents' : 'timeline.noMoreFootage'));
      } catch (error) {
        latest.current.toasts.fail(error);
      }
    };
    const goToDay = (day: string) => {
      const { stage, timeZone, setView } = now();
      setView(() => dayView(day, timeZone));
      stage.seek(sameTimeOn(day, stage.positionMs, timeZone));
    };
    const acts = simpleActs(now, seek, goToDay);
    const run = (action: TimelineAction) => {
      if (action === 'nextEvent' || action === 'previousEvent') return void jump('event', action === 'nextEvent' ? 1 : -1);
      if (action === 'nextFootage' || action === 'previousFootage') return void jump('footage', action === 'nextFootage' ? 1 : -1);
      acts[action]?.();
    };
    return { run, goToDay, goTo: seek, goToNow: () => seek(Date.now() - NOW_MS) };
  }, []);
}

type Acts = Partial<Record<TimelineAction, () => void>>;

function simpleActs(now: () => ActionContext, seek: (ms: number) => void, goToDay: (day: string) => void): Acts {
  const by = (ms: number) => () => seek(now().stage.positionMs + ms);
  const zoom = (factor: number) => () => now().setView((view) => zoomView(view, factor, viewWith(view, now().stage.positionMs) === view ? now().stage.positionMs : (view.fromMs + view.toMs) / 2));
  const day = (days: number) => () => goToDay(shiftDay(dayOf(now().stage.positionMs, now().timeZone), days));
  return {
    toggle: () => now().stage.togglePlay(),
    forwards: () => now().stage.shuttle(1),
    backwards: () => now().stage.shuttle(-1),
    stepBack: () => now().stage.step(-1),
    stepAhead: () => now().stage.step(1),
    back5: by(-5000),
    ahead5: by(5000),
    back60: by(-60_000),
    ahead60: by(60_000),
    zoomIn: zoom(1 / ZOOM),
    zoomOut: zoom(ZOOM),
    wholeDay: () => now().setView(() => dayView(dayOf(now().stage.positionMs, now().timeZone), now().timeZone)),
    previousDay: day(-1),
    nextDay: day(1),
    selectFrom: () => now().setSelection(withFrom(now().selection, now().stage.positionMs)),
    selectTo: () => now().setSelection(withTo(now().selection, now().stage.positionMs)),
    mark: () => now().setSelection((now().selection?.toMs === null ? withTo : withFrom)(now().selection, now().stage.positionMs)),
    clear: () => (now().selection ? now().setSelection(null) : now().leaveAlone?.()),
    snapshot: () => (document.activeElement?.closest('[data-tile]') ?? document.querySelector('[data-tile]'))?.querySelector<HTMLElement>('[data-snapshot]')?.click(),
  };
}

const withFrom = (selection: Selection | null, ms: number): Selection => ({ fromMs: ms, toMs: selection?.toMs != null && selection.toMs > ms ? selection.toMs : null });

const withTo = (selection: Selection | null, ms: number): Selection => (selection && selection.fromMs < ms ? { fromMs: selection.fromMs, toMs: ms } : { fromMs: ms, toMs: null });

async function jumpFar(stage: FootageStage, cameraIds: readonly string[], what: 'event' | 'footage', direction: 1 | -1): Promise<boolean> {
  const start = stage.positionMs;
  for (const lengthMs of LOOK_FOR_MS) {
    const [fromMs, toMs] = direction === 1 ? [start, Math.min(start + lengthMs, Date.now() + 1000)] : [start - lengthMs, start + BEFORE_EVENT_MS];
    if (toMs <= fromMs) return false;
    const { cameras }: Timeline = await client.call('getTimeline', { query: { camera: cameraIds.join(','), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), buckets: 1 } });
    if (stage.jump(cameras.map((camera) => withoutCuts(camera, fromMs)), what, direction)) return true;
  }
  return false;
}

/** A span that began before the range is cut to it: its start is no place to jump to. The same goes for events. */
function withoutCuts({ spans, events }: Timeline['cameras'][number], fromMs: number) {
  return { spans: spans.filter(({ startAt }) => Date.parse(startAt) > fromMs), events };
}

/** The page's keys. */
export function useTimelineKeys(onAction: (action: TimelineAction) => void): void {
  const bindings = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(TIMELINE_KEYS).map(([key, action]) => [
          key,
          (event: KeyboardEvent) => {
            // What is open above the page has its own keys, and closes by Esc first.
            if (event.target instanceof Element && event.target.closest('[role=dialog],[role=alertdialog]')) return;
            // A focused button is pressed by the space bar itself.
            if (key === 'Space' && event.target instanceof Element && event.target.closest('button,a,summary')) return;
            if (action !== 'clear') event.preventDefault();
            onAction(action);
          },
        ]),
      ),
    [onAction],
  );
  useKeys(bindings);
}
