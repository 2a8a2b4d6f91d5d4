import type { Camera, EventView } from '@argus/contracts';
import { FileDown, History, Image, Play } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { timelineAddress } from '../timeline/timeline-address.js';
import { BEFORE_EVENT_MS } from '../timeline/footage-spans.js';
import { useHasFootage } from '../timeline/use-has-footage.js';
import { EventSnapshot } from './event-snapshot.js';

const EventClip = lazy(async () => ({ default: (await import('../timeline/event-clip.js')).EventClip }));

const WIDE = 16 / 9;

/** The event's picture, and where there is footage its clip in the same place and the way to the timeline. */
export function EventFootage({ event, camera, onExport }: { event: EventView; camera: Camera | undefined; onExport: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  /** Shape of the picture that the clip takes the place of; null: it does not play. */
  const [shape, setShape] = useState<number | null>(null);
  const picture = useRef<HTMLDivElement>(null);
  const there = useHasFootage(event, can('recording.view'));
  const snapshot = <EventSnapshot event={event} camera={camera} />;
  if (!there || !camera) return snapshot;
  const playing = shape !== null;
  const toggle = () => {
    const { width = 0, height = 0 } = picture.current?.getBoundingClientRect() ?? {};
    setShape(playing ? null : width > 0 && height > 0 ? width / height : WIDE);
  };
  return (
    <div className="flex flex-col gap-2">
      {playing ? (
        <Suspense fallback={snapshot}>
          <EventClip event={event} camera={camera} shape={shape} />
        </Suspense>
      ) : (
        <div ref={picture}>{snapshot}</div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button icon={playing ? Image : Play} onClick={toggle}>
          {t(playing ? 'timeline.closeClip' : 'timeline.playClip')}
        </Button>
        <Link to={timelineAddress(event.cameraId, Date.parse(event.startedAt) - BEFORE_EVENT_MS)} className="inline-flex min-h-9 items-center gap-2 rounded-m border border-line-strong bg-surface px-3 text-m font-medium text-ink no-underline hover:bg-raised">
          <History aria-hidden size={16} />
          {t('timeline.show')}
        </Link>
        {can('recording.export') && (
          <Button icon={FileDown} onClick={onExport}>
            {t('exports.ofEvent')}
          </Button>
        )}
      </div>
    </div>
  );
}
