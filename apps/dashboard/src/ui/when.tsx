import { useEffect, useState } from 'react';
import { formatClock, formatDateTime, formatSpan, formatUtc } from '../i18n/format.js';
import { useI18n } from '../i18n/i18n.js';

/** A moment in the site's zone; hovering gives UTC. */
export function When({ at, zone, clockOnly = false }: { at: string; zone: string; clockOnly?: boolean }) {
  const { locale } = useI18n();
  const text = clockOnly ? formatClock(at, zone, locale) : formatDateTime(at, zone, locale, Date.now());
  return (
    <time dateTime={at} title={`${formatUtc(at)} · ${zone}`} className="figures whitespace-nowrap">
      {text}
    </time>
  );
}

/** Below this nobody counts; tenths of a second that jump would only disturb. */
const JUST_NOW_MS = 10_000;

/** How long ago, kept current once a second. */
export function Ago({ at }: { at: string }) {
  const { locale, t } = useI18n();
  const agoMs = useNow(1000) - Date.parse(at);
  return (
    <time dateTime={at} title={formatUtc(at)} className="figures whitespace-nowrap">
      {agoMs < JUST_NOW_MS ? t('ui.justNow') : t('ui.ago', { span: formatSpan(agoMs, locale) })}
    </time>
  );
}

/** Wall time that moves on its own. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
