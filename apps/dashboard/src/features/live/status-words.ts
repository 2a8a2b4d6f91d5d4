import type { OfflineReason } from '@argus/contracts';
import { formatSpan } from '../../i18n/format.js';
import { useI18n, type Translate } from '../../i18n/i18n.js';
import type { Tone } from '../../ui/badge.js';
import { useNow } from '../../ui/when.js';
import type { TilePhase, TileStatus } from './player/tile-status.js';

export const PHASE_TONES: Readonly<Record<TilePhase, Tone>> = {
  connecting: 'busy',
  live: 'good',
  stalled: 'caution',
  offline: 'alarm',
  disabled: 'calm',
  unlinked: 'caution',
  withheld: 'caution',
};

export const reasonText = (reason: OfflineReason, t: Translate): string => t(`reason.${reason}`);

export interface StatusWords {
  readonly title: string;
  readonly reason: string | null;
  readonly since: string;
  readonly detail: string | null;
}

/** A state in words: what, why, since when, and what the camera said. */
export function useStatusWords(status: Pick<TileStatus, 'phase' | 'reason' | 'sinceMs' | 'lastError'> & Partial<Pick<TileStatus, 'withheld'>>): StatusWords {
  const { t, locale } = useI18n();
  const nowMs = useNow(1000);
  return {
    title: t(`state.${status.phase}`),
    reason: status.withheld ? t(`withheld.${status.withheld}`) : status.reason && reasonText(status.reason, t),
    since: t('state.since', { span: formatSpan(nowMs - status.sinceMs, locale) }),
    detail: status.lastError,
  };
}
