import type { Camera } from '@argus/contracts';
import { ChevronLeft, ChevronRight, Pause, Play, StepBack, StepForward } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAll } from '../../app/calls.js';
import { useKeys } from '../../app/shortcuts.js';
import { useWork } from '../../app/use-work.js';
import { HelpButton } from '../../help/help-button.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { CONTROL_AUTO } from '../../ui/field.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Page } from '../../ui/page.js';
import { FootageTile } from '../timeline/footage-tile.js';
import { FootageStage } from '../timeline/player/footage-stage.js';
import type { TimelineAddress } from '../timeline/timeline-address.js';
import { Moment } from '../timeline/transport-bar.js';
import { usePlaceInAddress } from '../timeline/use-address.js';
import { useStage } from '../timeline/use-stage.js';
import { useFootageAround } from '../timeline/use-timeline.js';
import { BoxLayer } from './box-layer.js';
import { LabelPanel } from './label-panel.js';
import { LABELLING_KEYS, type LabellingAction } from './labelling-keys.js';
import { useLabelNames } from './use-label-names.js';
import { useLabelling } from './use-labelling.js';

interface LabelDeskProps {
  /** One after the other: each with a book of its own. */
  readonly cameras: readonly Camera[];
  readonly address: TimelineAddress;
  readonly change: (entries: Readonly<Record<string, string | null>>) => void;
}

const JUST_NOW_MS = 45_000;
const SECOND_MS = 1000;
const SPAN_MS = 600_000;

/** The film of one camera with boxes to be drawn on it, and beside it what is done with them. */
export function LabelDesk({ cameras, address, change }: LabelDeskProps) {
  const { t } = useI18n();
  const [stage] = useState(() => new FootageStage(address.atMs ?? Date.now() - JUST_NOW_MS));
  const [search] = useSearchParams();
  const sets = useAll('listDatasets').data;
  const datasetId = sets?.find(({ id }) => id === search.get('set'))?.id ?? null;
  const camera = cameras.find(({ id }) => id === search.get('of')) ?? (cameras[0] as Camera);
  const ids = useMemo(() => [camera.id], [camera.id]);
  const around = useFootageAround(ids, stage);
  const names = useLabelNames();
  const [seconds, setSeconds] = useState(10);
  const [every, setEvery] = useState(5);
  const shown = useRef<() => number | null>(() => null);
  const shownMs = useCallback(() => shown.current(), []);
  const labelling = useLabelling({ camera, stage, shownMs, datasetId, label: names.label, seconds, every });
  useWork(datasetId, 'labelling');
  useEffect(() => stage.start(), [stage]);
  useToastsAbove();
  usePlaceInAddress(stage, SPAN_MS, change);
  const goTo = (step: 1 | -1) => change({ of: (cameras[(cameras.indexOf(camera) + step + cameras.length) % cameras.length] as Camera).id });
  const onLabel = (label: string) => (names.setLabel(label), labelling.relabel(label));
  useLabellingKeys({ stage, labelling, names: names.names, onLabel, goTo });
  return (
    <Page
      title={t('labelling.title')}
      back={{ to: `/timeline?camera=${cameras.map(({ id }) => id).join(',')}&t=${new Date(Math.round(stage.positionMs)).toISOString()}`, text: t('nav.timeline') }}
      action={
        <>
          <Files cameras={cameras} camera={camera} onCamera={(of) => change({ of })} goTo={goTo} />
          <select aria-label={t('labelling.set')} title={t('labelling.set')} value={datasetId ?? ''} onChange={(event) => change({ set: event.target.value || null })} className={`${CONTROL_AUTO} max-w-56 min-w-0`}>
            <option value="">{t('labelling.chooseSet')}</option>
            {sets?.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
          <HelpButton topic="labelling" />
        </>
      }
    >
      <LeaveGuard dirty={labelling.isUnsent && labelling.book.tracks.length > 0} />
      <div className="flex h-full min-h-0 flex-col md:flex-row">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col max-md:flex-none">
          <div className="grid min-h-0 flex-1 bg-video max-md:aspect-video max-md:flex-none">
            <FootageTile
              key={camera.id} camera={camera} stage={stage} known={around.get(camera.id)} boxes={false} alone onAlone={null} onNextFootage={null}
              over={(video, shownOf) => {
                shown.current = shownOf;
                return <BoxLayer video={video} shownMs={shownOf} book={labelling.book} selected={labelling.selected} label={names.label} onSelect={labelling.setSelected} onBox={labelling.draw} onHold={() => stage.pause()} />;
              }}
            />
          </div>
          <Transport stage={stage} timeZone={camera.timeZone} />
        </div>
        <LabelPanel labelling={labelling} names={names} onLabel={onLabel} seconds={seconds} onSeconds={setSeconds} every={every} onEvery={setEvery} hasSet={datasetId !== null} />
      </div>
    </Page>
  );
}

/** What is said must not cover the buttons that are pressed next. */
function useToastsAbove(): void {
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--toasts-above', '56px');
    return () => void style.removeProperty('--toasts-above');
  }, []);
}

interface FilesProps {
  readonly cameras: readonly Camera[];
  readonly camera: Camera;
  readonly onCamera: (id: string) => void;
  readonly goTo: (step: 1 | -1) => void;
}

/** Which camera's footage; the others are one press away. */
function Files({ cameras, camera, onCamera, goTo }: FilesProps) {
  const { t } = useI18n();
  if (cameras.length === 1) return <span className="clip text-m text-ink-2">{camera.name}</span>;
  return (
    <span className="flex min-w-0 items-center">
      <IconButton icon={ChevronLeft} label={t('labelling.previousCamera')} onClick={() => goTo(-1)} />
      <select aria-label={t('labelling.camera')} value={camera.id} onChange={(event) => onCamera(event.target.value)} className={`${CONTROL_AUTO} max-w-48 min-w-0`}>
        {cameras.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
      <IconButton icon={ChevronRight} label={t('labelling.nextCamera')} onClick={() => goTo(1)} />
    </span>
  );
}

function Transport({ stage, timeZone }: { stage: FootageStage; timeZone: string }) {
  const { t } = useI18n();
  const { playing } = useStage(stage);
  return (
    <div role="group" aria-label={t('timeline.transport')} className="flex items-center gap-1 border-t border-line bg-surface px-2 py-1">
      <Moment stage={stage} timeZone={timeZone} />
      <span className="ml-auto flex items-center">
        <IconButton icon={StepBack} label={t('labelling.stepBack')} onClick={() => stage.step(-1)} />
        <IconButton tone="primary" icon={playing ? Pause : Play} label={t(playing ? 'timeline.pause' : 'timeline.play')} className="mx-1 min-w-11" onClick={() => stage.togglePlay()} />
        <IconButton icon={StepForward} label={t('labelling.stepAhead')} onClick={() => stage.step(1)} />
      </span>
    </div>
  );
}

interface KeyContext {
  readonly stage: FootageStage;
  readonly labelling: ReturnType<typeof useLabelling>;
  readonly names: readonly string[];
  readonly onLabel: (label: string) => void;
  readonly goTo: (step: 1 | -1) => void;
}

function useLabellingKeys({ stage, labelling, names, onLabel, goTo }: KeyContext): void {
  const acts: Readonly<Record<LabellingAction, () => void>> = {
    toggle: () => stage.togglePlay(),
    stepBack: () => stage.step(-1),
    stepAhead: () => stage.step(1),
    back: () => stage.seekBy(-SECOND_MS),
    ahead: () => stage.seekBy(SECOND_MS),
    forward: () => labelling.follow('forward'),
    backward: () => labelling.follow('backward'),
    end: () => labelling.end(false),
    remove: () => labelling.end(true),
    next: labelling.selectNext,
    clear: () => (labelling.busy ? labelling.busy.stop() : labelling.setSelected(null)),
    send: () => labelling.send(false),
    sendMany: () => labelling.send(true),
    undo: () => void labelling.undo(),
    previousCamera: () => goTo(-1),
    nextCamera: () => goTo(1),
  };
  const bound = Object.entries(LABELLING_KEYS).map(([key, action]) => [
    key,
    (event: KeyboardEvent) => {
      // A focused button is pressed by the space bar itself.
      if (key === 'Space' && event.target instanceof Element && event.target.closest('button,a,summary')) return;
      event.preventDefault();
      acts[action]();
    },
  ]);
  const digits = names.slice(0, 9).map((name, index) => [String(index + 1), () => onLabel(name)]);
  useKeys(Object.fromEntries([...bound, ...digits]) as Parameters<typeof useKeys>[0]);
}
