import type { EventView } from '@argus/contracts';
import { Check, Undo2 } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useCall } from '../../app/calls.js';
import { useCamerasById } from '../../app/cameras.js';
import { useEventNews } from '../../app/realtime.js';
import { formatSpan, percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Badge, ToneIcon, type Tone } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Facts } from '../../ui/facts.js';
import { SidePanel } from '../../ui/side-panel.js';
import { Skeleton } from '../../ui/skeleton.js';
import { When } from '../../ui/when.js';
import { showEvent } from './event-feed.js';
import { EventFootage } from './event-footage.js';
import { STATE_TONES, useEventWords } from './event-words.js';
import { exportRange } from './export-range.js';
import { ProtectFootage } from './protect-footage.js';
import { SameTrack } from './same-track.js';
import { useAcknowledge } from './use-acknowledge.js';

const NewExportPanel = lazy(async () => ({ default: (await import('../exports/new-export-panel.js')).NewExportPanel }));

/** Everything that is known of one event; an export of it is asked for in the same place. */
export function EventPanel({ id, onClose, onOpen }: { id: string; onClose: () => void; onOpen: (id: string) => void }) {
  const { t } = useI18n();
  const event = useCall('getEvent', { params: { id } });
  useEventNews((news) => news.id === id && news.revision >= (event.data?.revision ?? 0) && showEvent(news));
  const [exporting, setExporting] = useState(false);
  const back = useCallback(() => setExporting(false), []);
  if (exporting && event.data) return <EventExport event={event.data} onClose={back} />;
  return (
    <SidePanel wide title={t('event.one')} onClose={onClose} actions={event.data && <SeenButton event={event.data} />}>
      {event.isPending && <Skeleton rows={3} className="h-32" />}
      {event.isError && <ErrorNotice error={event.error} />}
      {event.data && <EventDetails event={event.data} onOpen={onOpen} onExport={() => setExporting(true)} />}
    </SidePanel>
  );
}

function EventExport({ event, onClose }: { event: EventView; onClose: () => void }) {
  const { what } = useEventWords(event);
  const [range] = useState(() => exportRange(event, Date.now()));
  return (
    <Suspense>
      <NewExportPanel {...range} cameraIds={[event.cameraId]} title={`${what} · ${event.cameraName}`.slice(0, 120)} onClose={onClose} />
    </Suspense>
  );
}

function SeenButton({ event }: { event: EventView }) {
  const { t } = useI18n();
  const acknowledge = useAcknowledge();
  const seen = event.acknowledgedAt !== null;
  return (
    <Button tone={seen ? 'plain' : 'primary'} icon={seen ? Undo2 : Check} disabled={!acknowledge} title={acknowledge ? undefined : t('ui.mayNot')} onClick={() => acknowledge?.set(event, !seen)}>
      {t(seen ? 'event.unsee' : 'event.see')}
    </Button>
  );
}

function EventDetails({ event, onOpen, onExport }: { event: EventView; onOpen: (id: string) => void; onExport: () => void }) {
  const { t } = useI18n();
  const words = useEventWords(event);
  const camera = useCamerasById().get(event.cameraId);
  const zone = camera?.timeZone ?? 'UTC';
  return (
    <div className="flex flex-col gap-5">
      <EventFootage event={event} camera={camera} onExport={onExport} />
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="m-0 text-l font-semibold">{words.what}</h3>
        <Badge tone={STATE_TONES[event.state]}>{words.state}</Badge>
      </div>
      <Facts
        rows={[
          [t('event.where'), event.cameraName],
          [t('event.rule'), event.ruleName],
          [t('event.when'), <When key="when" at={event.startedAt} zone={zone} />],
          [t('event.sure'), words.sure],
          ...(event.acknowledgedAt ? ([[t('event.seenBy'), <span key="seen">{event.acknowledgedBy ?? ''} · <When at={event.acknowledgedAt} zone={zone} /></span>]] as const) : []),
        ]}
      />
      <ProtectFootage event={event} zone={zone} />
      <Attributes event={event} />
      <Life event={event} zone={zone} />
      <Facts rows={[[t('event.detector'), `${event.models.detector.id} ${event.models.detector.version}`], ...event.models.classifiers.map((model) => [t('event.classifier'), `${model.id} ${model.version}`] as const), [t('event.id'), <code key="id" className="font-mono text-s break-all">{event.id}</code>]]} />
      {event.trackId && <SameTrack event={event} zone={zone} onOpen={onOpen} />}
    </div>
  );
}

function Attributes({ event }: { event: EventView }) {
  const { t, locale } = useI18n();
  const attributes = Object.entries(event.attributes);
  if (attributes.length === 0) return null;
  return (
    <section aria-label={t('event.attributes')} className="flex flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{t('event.attributes')}</h3>
      {attributes.map(([name, attribute]) => (
        <div key={name} className="flex flex-col gap-1">
          <span className="text-s text-ink-3">
            {labelText(name, locale)} · {attribute.model.id} {attribute.model.version} · {t(attribute.settled ? 'event.settled' : 'event.unsettled')}
          </span>
          {[attribute, ...attribute.candidates].map((candidate, index) => (
            <div key={candidate.label} className="grid grid-cols-[8rem_1fr_3rem] items-center gap-2">
              <span className={`clip ${index === 0 ? 'font-semibold' : 'text-ink-2'}`}>{labelText(candidate.label, locale)}</span>
              <span className="h-2 overflow-hidden rounded-full bg-raised">
                <span className={`block h-full rounded-full ${index === 0 ? 'bg-accent' : 'bg-line-strong'}`} style={{ width: `${candidate.score * 100}%` }} />
              </span>
              <span className="figures text-right text-s">{percent(candidate.score, locale)}</span>
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}

/** Provisional, confirmed (how), ended (why), with the time each took. */
function Life({ event, zone }: { event: EventView; zone: string }) {
  const { t, locale } = useI18n();
  const after = (at: string) => t('event.after', { span: formatSpan(Date.parse(at) - Date.parse(event.startedAt), locale) });
  const steps: readonly { tone: Tone; text: string; at: string | null; note?: string }[] = [
    { tone: 'busy', text: t('event.provisional'), at: event.startedAt },
    { tone: event.confirmation === 'deadline' ? 'caution' : 'good', text: t('event.confirmed'), at: event.confirmedAt, ...(event.confirmation ? { note: t(`confirmation.${event.confirmation}`) } : {}) },
    { tone: 'calm', text: t('event.ended'), at: event.endedAt, ...(event.endReason ? { note: t(`endReason.${event.endReason}`) } : {}) },
  ];
  return (
    <section aria-label={t('event.life')} className="flex flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{t('event.life')}</h3>
      <ol className="m-0 flex list-none flex-col gap-2 p-0">
        {steps.map((step) => (
          <li key={step.text} className={`flex gap-2 ${step.at ? '' : 'opacity-50'}`}>
            <span className="mt-px">
              <ToneIcon tone={step.at ? step.tone : 'calm'} />
            </span>
            <span className="min-w-0">
              <span className="font-medium">{step.text}</span> {step.at ? <When at={step.at} zone={zone} clockOnly /> : t('event.notYet')}
              {step.at && step.at !== event.startedAt && <span className="text-ink-3"> · {after(step.at)}</span>}
              {step.note && <span className="block text-s text-ink-2">{step.note}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
