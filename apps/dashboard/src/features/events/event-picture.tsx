import type { EventView } from '@argus/contracts';
import { ImageOff, Lock } from 'lucide-react';
import { useState } from 'react';
import { useMayOnId } from '../../app/camera-rights.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';

/** The object, cut out of its best picture; a quiet place-holder until the picture is stored, or where it may not be seen. */
export function EventPicture({ event, className }: { event: EventView; className: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  const { t } = useI18n();
  const closed = !useMayOnId('recordings', event.cameraId);
  const key = event.thumbnailKey ?? event.snapshotKey;
  if (!key || failed === key || closed) {
    return (
      <span title={closed ? t('event.mayNotSee') : undefined} className={`grid place-items-center bg-raised text-ink-3 ${className}`}>
        {closed ? <Lock aria-label={t('event.mayNotSee')} size={18} /> : <ImageOff aria-hidden size={18} />}
      </span>
    );
  }
  return <img src={`${client.url('getEventThumbnail', { params: { id: event.id } })}?v=${encodeURIComponent(key)}`} alt="" loading="lazy" decoding="async" onError={() => setFailed(key)} className={`bg-video object-contain ${className}`} />;
}
