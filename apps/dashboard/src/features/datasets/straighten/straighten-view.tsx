import type { DatasetId, Sample } from '@argus/contracts';
import { areaFlaw } from '@argus/geometry';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { AnnotationLayer } from '../pictures/annotation-layer.js';
import { ZoomPicture } from '../pictures/zoom-picture.js';
import { WHOLE } from '../pictures/zoom-view.js';
import { AreaHandles } from './area-handles.js';
import { StraightenPanel } from './straighten-panel.js';
import { beginStraightening, jobOf, moveArea, moveCorner, sizeWish, turnTo } from './straightening.js';
import { useStraightenJob, type Straightened } from './use-straighten-job.js';

interface StraightenViewProps {
  readonly datasetId: DatasetId;
  readonly sample: Sample;
  /** Other pictures of the same size that are chosen. */
  readonly others: readonly string[];
  readonly src: string;
  readonly thumbnail: string;
  /** Labels are drawn over the picture. */
  readonly boxes: boolean;
  readonly onMade: (result: Straightened) => void;
  readonly onLeave: () => void;
}

const TURNS: Readonly<Record<string, number>> = { '[': -0.5, ']': 0.5 };

/** Makes a new sample of a part of a picture: its corners are dragged, it is turned, and seen before it is made. */
export function StraightenView({ datasetId, sample, others, src, thumbnail, boxes, onMade, onLeave }: StraightenViewProps) {
  const [view, setView] = useState(WHOLE);
  const [one, setOne] = useState(() => beginStraightening(sample));
  const self = useRef<HTMLDivElement>(null);
  // Its keys work at once.
  useEffect(() => self.current?.focus(), []);
  const job = useStraightenJob(datasetId, onMade);
  const isFlawed = areaFlaw(one.quad, sample, sizeWish(one)) !== null;
  const make = () => {
    if (!isFlawed && job.state === null) void job.make(jobOf(one, [sample.sha256, ...(one.withOthers ? others : [])]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    // What is open above it (help) has its own keys.
    if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement) || !event.currentTarget.contains(target)) return;
    const isButton = target.closest('button:not([data-corner]), select') !== null;
    if (event.key === 'Enter' && !isButton) make();
    else if (TURNS[event.key] !== undefined && target.tagName !== 'SELECT') setOne(turnTo(one, one.degrees + (TURNS[event.key] as number)));
    else return;
    event.preventDefault();
  };
  return (
    <div ref={self} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none md:flex-row" onKeyDown={onKeyDown} data-testid="straighten">
      <div className="min-h-60 flex-1">
        <ZoomPicture src={src} thumbnail={thumbnail} alt={sample.name} width={sample.width} height={sample.height} view={view} onView={setView}>
          {boxes && <AnnotationLayer sample={sample} />}
          <AreaHandles quad={one.quad} picture={sample} isFlawed={isFlawed} onCorner={(at, dx, dy) => setOne((last) => moveCorner(last, at, dx, dy, sample))} onMove={(dx, dy) => setOne((last) => moveArea(last, dx, dy, sample))} />
        </ZoomPicture>
      </div>
      <aside className="max-h-[50dvh] shrink-0 overflow-auto border-line bg-surface p-4 max-md:border-t max-md:pb-0 md:max-h-none md:w-80 md:border-l">
        <StraightenPanel sample={sample} others={others.length} src={src} one={one} onChange={setOne} onReset={() => setOne(beginStraightening(sample))} state={job.state} onMake={make} onLeave={onLeave} />
      </aside>
    </div>
  );
}
