import type { RuleSettings } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField } from '../../ui/field.js';

interface RuleTimingProps {
  readonly draft: RuleSettings;
  readonly problems: Readonly<Record<string, string>>;
  readonly onDraft: (draft: RuleSettings) => void;
}

/** What seldom needs a hand; each says what it trades. */
export function RuleTiming({ draft, problems, onDraft }: RuleTimingProps) {
  const { t } = useI18n();
  return (
    <details className="rounded-m border border-line">
      <summary className="min-h-9 px-3 py-2 font-medium">{t('rules.more')}</summary>
      <div className="flex flex-col gap-4 p-3">
        <NumberField label={t('rules.minScore')} hint={t('rules.minScoreHint')} error={problems['minScore']} value={draft.minScore} min={0} max={1} step={0.05} onValue={(minScore) => onDraft({ ...draft, minScore: minScore ?? 0 })} />
        <NumberField label={t('rules.cooldown')} hint={t('rules.cooldownHint')} unit={t('ui.seconds')} error={problems['cooldownSeconds']} value={draft.cooldownSeconds} min={0} step="any" onValue={(value) => onDraft({ ...draft, cooldownSeconds: value ?? 0 })} />
        <NumberField label={t('rules.deadline')} hint={t('rules.deadlineHint')} unit={t('ui.seconds')} error={problems['confirmDeadlineSeconds']} value={draft.confirmDeadlineSeconds} min={0} max={60} step="any" onValue={(value) => onDraft({ ...draft, confirmDeadlineSeconds: value ?? 0 })} />
        <NumberField label={t('rules.hysteresis')} hint={t('rules.hysteresisHint')} error={problems['hysteresis']} value={draft.hysteresis} min={0} max={0.2} step={0.001} onValue={(hysteresis) => onDraft({ ...draft, hysteresis: hysteresis ?? 0 })} />
      </div>
    </details>
  );
}
