import { useCall } from '../../app/calls.js';
import { formatBytes, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { Ago } from '../../ui/when.js';
import { HealthCard } from './health-card.js';

/** What pictures of sample sets take, and what was freed of it. */
export function SamplesCard() {
  const { t, locale } = useI18n();
  const storage = useCall('getSampleStorage', {}, { refetchInterval: 60_000 }).data;
  if (!storage || storage.pictures === 0) return null;
  const { pictures, bytes, unusedBytes, collected, last } = storage;
  const isBroken = last !== null && last.problem !== null;
  return (
    <HealthCard title={t('system.samples')} tone={isBroken ? 'caution' : 'good'} word={t('system.samplesHeld', { count: whole(pictures, locale), size: formatBytes(bytes, locale) })}>
      {unusedBytes > 0 && <span className="block">{t('system.samplesUnused', { size: formatBytes(unusedBytes, locale) })}</span>}
      {last === null ? (
        t('system.samplesNever')
      ) : (
        <>
          {t('system.samplesFreed', { size: formatBytes(collected.bytes, locale) })} <Ago at={last.at} />
        </>
      )}
      {isBroken && (
        <span className="block wrap-anywhere text-caution">
          {t('system.samplesProblem')}: {serverWords(last.problem ?? '', locale)}
        </span>
      )}
    </HealthCard>
  );
}
