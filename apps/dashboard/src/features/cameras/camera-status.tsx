import type { CameraPulse } from '../../app/cameras.js';
import { formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import { Badge } from '../../ui/badge.js';
import { useNow } from '../../ui/when.js';
import { cameraHealth } from './camera-health.js';

/** State with since-when; below it the reason and the camera's last words when something is wrong. */
export function CameraStatus({ pulse, detailed = false }: { pulse: CameraPulse | undefined; detailed?: boolean }) {
  const { t, locale } = useI18n();
  const nowMs = useNow(1000);
  const state = pulse?.state ?? null;
  const { word, tone } = cameraHealth(pulse, nowMs);
  const wrong = tone === 'alarm' || tone === 'caution';
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={tone}>{t(`health.${word}`)}</Badge>
      {state && <span className="figures text-s text-ink-3">{t('state.since', { span: formatSpan(nowMs - Date.parse(state.since), locale) })}</span>}
      {detailed && wrong && (
        <span className="w-full text-s text-ink-2">
          {[state?.reason && t(`reason.${state.reason}`), word === 'no-detector' && pulse?.detectorProblem ? warningText(pulse.detectorProblem, t) : state?.lastError].filter(Boolean).join(' · ')}
        </span>
      )}
    </span>
  );
}
