import type { Camera, SystemStatus } from '@argus/contracts';
import { Link } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import type { Tone } from '../../ui/badge.js';
import { Ago } from '../../ui/when.js';
import { cameraHealth } from '../cameras/camera-health.js';
import { HealthCard } from './health-card.js';
import { RecordingsCard } from './recordings-card.js';
import { SamplesCard } from './samples-card.js';
import { systemHealth } from './system-health.js';

const NAMED = 5;

/** Five sentences that answer "is it well?". */
export function HealthCards({ status, cameras: known, nowMs }: { status: SystemStatus; cameras: ReadonlyMap<string, Camera>; nowMs: number }) {
  const { t } = useI18n();
  const health = systemHealth(status, nowMs);
  const tones = status.cameras.map((camera) => cameraHealth(camera, nowMs).tone);
  const working = tones.filter((tone) => tone === 'good').length;
  const wanted = tones.filter((tone) => tone !== 'calm').length;
  const cameras: Tone = wanted === 0 ? 'calm' : working === wanted ? 'good' : tones.includes('alarm') ? 'alarm' : 'caution';
  return (
    <div className="grid gap-3 p-4 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5">
      <HealthCard title={t('system.engine')} tone={health.engine.tone} word={t(`system.engine.${health.engine.word}`)}>
        {health.lastInferenceAt ? (
          <>
            {t('system.lastInference')} <Ago at={health.lastInferenceAt} />
          </>
        ) : (
          t('system.neverInferred')
        )}
        {health.stale.length > 0 && (
          <span className="block text-caution">
            {t('system.staleCameras', { count: health.stale.length })} <StaleNames ids={health.stale} cameras={known} />
          </span>
        )}
        {status.engine.problems.map((problem) => (
          <span key={problem.text} className="block wrap-anywhere text-caution">
            {warningText(problem, t)}
          </span>
        ))}
      </HealthCard>
      <HealthCard title={t('nav.cameras')} tone={cameras} word={t('system.working', { working, wanted })}>
        {t('system.camerasWhat')}
      </HealthCard>
      <HealthCard title={t('system.outbox')} tone={health.outbox.tone} word={t(`system.outbox.${health.outbox.word}`)}>
        {t('system.outboxCounts', { pending: status.outbox.pending, dead: status.outbox.dead })}
        {status.outbox.oldestPendingAt && (
          <span className="block">
            {t('system.oldest')} <Ago at={status.outbox.oldestPendingAt} />
          </span>
        )}
      </HealthCard>
      <HealthCard title={t('system.processes')} tone={health.processes.tone} word={t(`system.processes.${health.processes.word}`)}>
        {t('system.startedAt')} <Ago at={status.startedAt} />
      </HealthCard>
      <RecordingsCard recordings={status.recordings} />
      <SamplesCard />
    </div>
  );
}

/** The first few by name, each a way to its camera. */
function StaleNames({ ids, cameras }: { ids: readonly string[]; cameras: ReadonlyMap<string, Camera> }) {
  const { t } = useI18n();
  const shown = ids.slice(0, NAMED);
  return (
    <>
      {shown.map((id, index) => (
        <span key={id}>
          {index > 0 && t('load.and')}
          <Link to={`/cameras/${id}`} className="text-ink">
            {cameras.get(id)?.name ?? id}
          </Link>
        </span>
      ))}
      {ids.length > shown.length && t('system.andMore', { count: ids.length - shown.length })}
    </>
  );
}
