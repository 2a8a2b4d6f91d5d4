import type { CameraPulse } from '../../app/cameras.js';
import { formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import { Badge } from '../../ui/badge.js';
import { useNow } from '../../ui/when.js';
import { cameraHealth } from './camera-health.js';

/** State with since-when; below it the reason when something is wrong, and as its detail what was said in English. */
export function CameraStatus({ pulse, detailed = false }: { pulse: CameraPulse | undefined; detailed?: boolean }) {
  const { t, locale } = useI18n();
  const nowMs = useNow(1000);
  const state = pulse?.state ?? null;
  const { word, tone } = cameraHealth(pulse, nowMs);
  const wrong = tone === 'alarm' || tone === 'caution';
  const why = word === 'no-detector' && pulse?.detectorProblem ? warningText(pulse.detectorProblem, t) : state?.reason ? t(`reason.${state.reason}`) : null;
  const detail = word === 'no-detector' ? null : state?.lastError;
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={tone}>{t(`health.${word}`)}</Badge>
      {state && <span className="figures text-s text-ink-3">{t('state.since', { span: formatSpan(nowMs - Date.parse(state.since), locale) })}</span>}
      {detailed && wrong && why && <span className="w-full text-s text-ink-2">{why}</span>}
      {detailed && wrong && detail && (
        <span lang="en" className="w-full text-s text-ink-3">
          {detail}
        </span>
      )}
    </span>
  );
}
