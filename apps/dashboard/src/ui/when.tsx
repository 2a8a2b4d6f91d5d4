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

/** How long ago, kept current once a second. */
export function Ago({ at }: { at: string }) {
  const { locale, t } = useI18n();
  const nowMs = useNow(1000);
  return (
    <time dateTime={at} title={formatUtc(at)} className="figures whitespace-nowrap">
      {t('ui.ago', { span: formatSpan(nowMs - Date.parse(at), locale) })}
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
