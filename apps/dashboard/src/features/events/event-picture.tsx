import type { EventView } from '@argus/contracts';
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../app/client.js';

/** The object, cut out of its best picture; a quiet place-holder until the picture is stored. */
export function EventPicture({ event, className }: { event: EventView; className: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  const key = event.thumbnailKey ?? event.snapshotKey;
  if (!key || failed === key) {
    return (
      <span className={`grid place-items-center bg-raised text-ink-3 ${className}`}>
        <ImageOff aria-hidden size={18} />
      </span>
    );
  }
  return <img src={`${client.url('getEventThumbnail', { params: { id: event.id } })}?v=${encodeURIComponent(key)}`} alt="" loading="lazy" decoding="async" onError={() => setFailed(key)} className={`bg-video object-contain ${className}`} />;
}
