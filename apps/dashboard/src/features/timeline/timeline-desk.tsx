import type { Camera } from '@argus/contracts';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Page } from '../../ui/page.js';
import { DayChoice } from './day-choice.js';
import type { ExportRange } from './export-action.js';
import { FootageTile } from './footage-tile.js';
import { HoldList } from './hold-list.js';
import { FootageStage } from './player/footage-stage.js';
import { Ruler } from './ruler.js';
import { SelectionBar } from './selection-bar.js';
import { HOUR_MS, spanOf, viewAround, viewWith, type TimeView } from './time-view.js';
import type { TimelineAddress } from './timeline-address.js';
import { TransportBar } from './transport-bar.js';
import { LabelLink } from './label-link.js';
import { usePlaceInAddress } from './use-address.js';
import type { Selection } from './use-ruler-gestures.js';
import { holdsIn, useHolds } from './use-holds.js';
import { useNewestFootage } from './use-newest-footage.js';
import { useFootageAround, useTimeline } from './use-timeline.js';
import { useTimelineActions, useTimelineKeys } from './use-timeline-actions.js';

interface TimelineDeskProps {
  readonly cameras: readonly Camera[];
  readonly address: TimelineAddress;
  readonly change: (entries: Readonly<Record<string, string | null>>) => void;
  /** Choosing other cameras. */
  readonly choice: ReactNode;
}

/** Without a moment in the address: what was just recorded. Files are known some ten seconds after they were begun. */
const JUST_NOW_MS = 45_000;
const LINKED_SPAN_MS = 600_000;
const FOLLOW_EVERY_MS = 250;
const BOXES_KEY = 'argus.timeline.boxes';

const NewExportPanel = lazy(async () => ({ default: (await import('../exports/new-export-panel.js')).NewExportPanel }));

/** Pictures above, their clock below, the ruler at the bottom. */
export function TimelineDesk({ cameras, address, change, choice }: TimelineDeskProps) {
  const { t } = useI18n();
  const [stage] = useState(() => new FootageStage(address.atMs ?? Date.now() - JUST_NOW_MS));
  const [view, setView] = useState<TimeView>(() => firstView(address, stage.positionMs));
  const [selection, setSelection] = useState<Selection | null>(null);
  const [exporting, setExporting] = useState<ExportRange | null>(null);
  const [boxes, setBoxes] = useState(() => localStorage.getItem(BOXES_KEY) !== 'off');
  const timeZone = cameras[0]?.timeZone ?? 'UTC';
  const ids = useMemo(() => cameras.map((camera) => camera.id), [cameras]);
  const { query, rows, known } = useTimeline(ids, view);
  const holds = useHolds(ids, view);
  const around = useFootageAround(ids, stage);
  const alone = cameras.find((camera) => camera.id === address.alone);
  const actions = useTimelineActions({ stage, cameraIds: ids, timeZone, setView, selection, setSelection, leaveAlone: alone ? () => change({ alone: null }) : null });
  useEffect(() => stage.start(), [stage]);
  useFollowing(stage, setView);
  useNewestFootage(stage, ids, setView, address.atMs === null);
  usePlaceInAddress(stage, spanOf(view), change);
  const toggleAlone = useCallback((id: string) => change({ alone: alone ? null : id }), [alone, change]);
  const onAction = useCallback(
    (action: Parameters<typeof actions.run>[0]) => {
      // Esc closes the panel first, which sees to that itself.
      if (action === 'clear' && exporting) return;
      if (action !== 'boxes') return actions.run(action);
      setBoxes((on) => (localStorage.setItem(BOXES_KEY, on ? 'off' : 'on'), !on));
    },
    [actions, exporting],
  );
  const closeExport = useCallback(() => setExporting(null), []);
  useTimelineKeys(onAction);
  const onNextFootage = useCallback(() => onAction('nextFootage'), [onAction]);
  const shown = alone ? [alone] : cameras;
  const columns = Math.ceil(Math.sqrt(shown.length));
  return (
    <Page
      title={t('nav.timeline')}
      panel={exporting && <Suspense><NewExportPanel key={`${exporting.from} ${exporting.to}`} {...exporting} onClose={closeExport} /></Suspense>}
      action={
        <>
          {choice}
          <LabelLink cameraIds={ids} stage={stage} />
          <DayChoice stage={stage} timeZone={timeZone} onDay={actions.goToDay} onNow={actions.goToNow} />
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="relative grid min-h-0 flex-1">
          <div
            className={`grid min-h-0 gap-px overflow-auto bg-line max-sm:bg-video sm:grid-cols-(--columns) sm:grid-rows-(--rows) ${shown.length > 1 ? 'max-sm:auto-rows-max max-sm:content-start max-sm:[&>*]:aspect-video' : ''}`}
            style={{ '--columns': `repeat(${columns}, minmax(0, 1fr))`, '--rows': `repeat(${Math.ceil(shown.length / columns)}, minmax(0, 1fr))` } as React.CSSProperties}
          >
            {shown.map((camera) => (
              <FootageTile key={camera.id} camera={camera} stage={stage} known={around.get(camera.id)} boxes={boxes} alone={alone !== undefined} onAlone={cameras.length > 1 ? toggleAlone : null} onNextFootage={onNextFootage} />
            ))}
          </div>
          {selection && <SelectionBar cameras={cameras} selection={selection} timeZone={timeZone} onExport={setExporting} onClear={() => setSelection(null)} />}
        </div>
        {query.isError && <ErrorNotice error={query.error} title={t('timeline.rulerFailed')} onRetry={() => void query.refetch()} />}
        <TransportBar stage={stage} timeZone={timeZone} boxes={boxes} onAction={onAction} holds={<HoldList cameras={cameras} holds={holdsIn(holds, view)} onGo={actions.goTo} />} />
        <Ruler cameras={cameras} rows={cameras.map((camera) => rows.get(camera.id) ?? null)} known={known} holds={holds} stage={stage} view={view} onView={setView} selection={selection} onSelection={setSelection} timeZone={timeZone} />
      </div>
    </Page>
  );
}

/** A moment that was sent by somebody is in the middle; what is newest has its past at the left. */
function firstView({ atMs, spanMs }: TimelineAddress, positionMs: number): TimeView {
  if (atMs !== null) return viewAround(positionMs, spanMs ?? LINKED_SPAN_MS);
  const toMs = Date.now() + (spanMs ?? HOUR_MS) / 20;
  return { fromMs: toMs - (spanMs ?? HOUR_MS), toMs };
}

/** While it plays the ruler goes along; what was moved away by hand is followed again when playing reaches its edge. */
function useFollowing(stage: FootageStage, setView: (change: (view: TimeView) => TimeView) => void): void {
  useEffect(() => {
    let lastMs = stage.positionMs;
    const look = () => {
      const [beforeMs, nowMs] = [lastMs, stage.positionMs];
      lastMs = nowMs;
      if (nowMs !== beforeMs && !stage.scrubbing) setView((view) => (beforeMs >= view.fromMs && beforeMs <= view.toMs ? viewWith(view, nowMs) : view));
    };
    const timer = setInterval(look, FOLLOW_EVERY_MS);
    return () => clearInterval(timer);
  }, [stage, setView]);
}
