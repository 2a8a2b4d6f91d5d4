import type { Camera, EventView } from '@argus/contracts';
import { ImageOff, Lock } from 'lucide-react';
import { useState } from 'react';
import { useMayOn } from '../../app/camera-rights.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { labelColor } from '../live/label-colors.js';

const points = (list: readonly { x: number; y: number }[]) => list.map((point) => `${point.x},${point.y}`).join(' ');

/** The best picture with what led to the event drawn over it: the rule's zone, the path of the object, its box. */
export function EventSnapshot({ event, camera }: { event: EventView; camera: Camera | undefined }) {
  const { t, locale } = useI18n();
  const [failed, setFailed] = useState<string | null>(null);
  const closed = !useMayOn()('recordings', camera);
  const Icon = closed ? Lock : ImageOff;
  const color = labelColor(event.label ?? '');
  const zone = camera?.zones.find((one) => one.name === event.zone);
  if (!event.snapshotKey || closed || failed === event.snapshotKey) {
    return (
      <div className="grid aspect-video place-content-center justify-items-center gap-2 rounded-m bg-raised text-ink-3">
        <Icon aria-hidden size={28} />
        <span className="px-4 text-center">{t(closed ? 'event.mayNotSee' : 'event.noPicture')}</span>
      </div>
    );
  }
  return (
    <div className="relative overflow-hidden rounded-m bg-video">
      <img src={`${client.url('getEventSnapshot', { params: { id: event.id } })}?v=${encodeURIComponent(event.snapshotKey)}`} alt={t('event.pictureOf', { camera: event.cameraName })} onError={() => setFailed(event.snapshotKey)} className="block min-h-40 w-full" />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden className="absolute inset-0 size-full">
        {zone?.kind === 'area' && <polygon points={points(zone.points)} fill="var(--accent)" fillOpacity={0.14} stroke="var(--accent)" strokeWidth={2} vectorEffect="non-scaling-stroke" />}
        {zone?.kind === 'line' && <polyline points={points(zone.points)} stroke="var(--accent)" strokeWidth={3} vectorEffect="non-scaling-stroke" />}
        <polyline points={points(event.path)} fill="none" stroke={color} strokeWidth={2} strokeDasharray="6 4" vectorEffect="non-scaling-stroke" data-testid="event-path" />
        {event.box && <rect x={event.box.x} y={event.box.y} width={event.box.width} height={event.box.height} fill="none" stroke={color} strokeWidth={2} vectorEffect="non-scaling-stroke" data-testid="event-box" />}
      </svg>
      {event.box && event.label && (
        <span className="absolute -translate-y-full px-1 text-s font-semibold text-video" style={{ left: `${event.box.x * 100}%`, top: `${event.box.y * 100}%`, background: color }}>
          {labelText(event.label, locale)} {event.score.toFixed(2)}
        </span>
      )}
    </div>
  );
}
