import type { Camera, SystemStatus } from '@argus/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Ago } from '../../ui/when.js';
import { cameraHealth } from '../cameras/camera-health.js';
import { systemHealth } from './system-health.js';

const NAMED = 5;

/** Four sentences that answer "is it well?". */
export function HealthCards({ status, cameras: known, nowMs }: { status: SystemStatus; cameras: ReadonlyMap<string, Camera>; nowMs: number }) {
  const { t } = useI18n();
  const health = systemHealth(status, nowMs);
  const tones = status.cameras.map((camera) => cameraHealth(camera, nowMs).tone);
  const working = tones.filter((tone) => tone === 'good').length;
  const wanted = tones.filter((tone) => tone !== 'calm').length;
  const cameras: Tone = wanted === 0 ? 'calm' : working === wanted ? 'good' : tones.includes('alarm') ? 'alarm' : 'caution';
  return (
    <div className="grid gap-3 p-4 sm:grid-cols-2 lg:grid-cols-4">
      <Card title={t('system.engine')} tone={health.engine.tone} word={t(`system.engine.${health.engine.word}`)}>
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
      </Card>
      <Card title={t('nav.cameras')} tone={cameras} word={t('system.working', { working, wanted })}>
        {t('system.camerasWhat')}
      </Card>
      <Card title={t('system.outbox')} tone={health.outbox.tone} word={t(`system.outbox.${health.outbox.word}`)}>
        {t('system.outboxCounts', { pending: status.outbox.pending, dead: status.outbox.dead })}
        {status.outbox.oldestPendingAt && (
          <span className="block">
            {t('system.oldest')} <Ago at={status.outbox.oldestPendingAt} />
          </span>
        )}
      </Card>
      <Card title={t('system.processes')} tone={health.processes.tone} word={t(`system.processes.${health.processes.word}`)}>
        {t('system.startedAt')} <Ago at={status.startedAt} />
      </Card>
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

function Card({ title, tone, word, children }: { title: string; tone: Tone; word: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2 rounded-m border border-line bg-surface p-4">
      <h2 className="m-0 text-s font-medium text-ink-2">{title}</h2>
      <div>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="figures m-0 text-s text-ink-3">{children}</p>
    </section>
  );
}
