import type { EventView } from '@argus/contracts';
import { Check } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { When } from '../../ui/when.js';
import { EventPicture } from './event-picture.js';
import { STATE_TONES, useEventWords } from './event-words.js';

interface EventCardProps {
  readonly event: EventView;
  readonly zone: string;
  readonly selected: boolean;
  readonly onOpen: () => void;
}

/** What, where, when, how sure, and in which state; dense, one glance. */
export function EventCard({ event, zone, selected, onOpen }: EventCardProps) {
  const { t } = useI18n();
  const words = useEventWords(event);
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-current={selected || undefined}
      data-event={event.id}
      className={`flex h-24 w-full min-w-0 gap-3 overflow-hidden rounded-m border p-2 text-left transition-colors ${selected ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-raised'}`}
    >
      <EventPicture event={event} className="h-20 w-20 shrink-0 rounded-s" />
      <span className="flex min-w-0 flex-1 flex-col gap-px">
        <span className="clip text-m font-semibold">{words.what}</span>
        <span className="clip text-s text-ink-2">
          {event.cameraName} · {event.ruleName}
        </span>
        <span className="figures clip text-s text-ink-3">
          <When at={event.startedAt} zone={zone} /> · {words.sure}
        </span>
        <span className="mt-auto flex gap-1">
          <Badge tone={STATE_TONES[event.state]}>{words.state}</Badge>
          {event.acknowledgedAt && (
            <Badge tone="good" icon={Check}>
              {t('event.seen')}
            </Badge>
          )}
        </span>
      </span>
    </button>
  );
}
