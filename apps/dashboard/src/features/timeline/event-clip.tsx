import type { Camera, EventView } from '@argus/contracts';
import { Pause, Play, RotateCcw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCall } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { clipRange } from './clip-range.js';
import { knownFootage } from './footage-spans.js';
import { FootageTile } from './footage-tile.js';
import { FootageStage } from './player/footage-stage.js';
import type { TimeView } from './time-view.js';
import { useStage } from './use-stage.js';

/** The few seconds of an event, played at once, with what was seen drawn over them. `shape`: width by height of what it takes the place of, so that nothing moves. */
export function EventClip({ event, camera, shape }: { event: EventView; camera: Camera; shape: number }) {
  const { t } = useI18n();
  const [range] = useState(() => clipRange(event));
  const [stage] = useState(() => new FootageStage(range.fromMs));
  const { playing } = useStage(stage);
  const timeline = useCall('getTimeline', { query: { camera: camera.id, from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString(), buckets: 1 } });
  const asked = { fromMs: range.fromMs, toMs: range.toMs };
  const [own] = timeline.data?.cameras ?? [];
  useEffect(() => {
    stage.endMs = range.toMs;
    stage.play();
    return stage.start();
  }, [stage, range]);
  const again = () => {
    stage.seek(range.fromMs);
    stage.play();
  };
  const toggle = () => (!stage.playing && stage.positionMs >= range.toMs ? again() : stage.togglePlay());
  return (
    <div className="overflow-hidden rounded-m bg-video">
      <div className="grid" style={{ aspectRatio: shape }}>
        <FootageTile camera={camera} stage={stage} known={own && knownFootage(own, asked, Date.now())} boxes alone={false} onAlone={null} onNextFootage={null} />
      </div>
      <div className="flex items-center gap-2 bg-raised p-1 pr-3">
        <IconButton icon={playing ? Pause : Play} label={t(playing ? 'timeline.pause' : 'timeline.play')} onClick={toggle} />
        <IconButton icon={RotateCcw} label={t('timeline.playClip')} onClick={again} />
        <Progress stage={stage} range={range} />
      </div>
    </div>
  );
}

function Progress({ stage, range }: { stage: FootageStage; range: TimeView }) {
  const { t } = useI18n();
  const [ms, setMs] = useState(stage.positionMs);
  useEffect(() => {
    const timer = setInterval(() => setMs(stage.positionMs), 100);
    return () => clearInterval(timer);
  }, [stage]);
  return <input type="range" aria-label={t('timeline.ruler')} min={range.fromMs} max={range.toMs} step={10} value={ms} onChange={(event) => stage.scrub(Number(event.target.value))} onPointerUp={() => stage.endScrub()} onKeyUp={() => stage.endScrub()} className="min-w-0 flex-1 accent-accent-fill" />;
}
