import type { ModelId, ModelRunStats, RolloutStats } from '@argus/contracts';
import { percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Facts } from '../../../ui/facts.js';

interface RolloutFiguresProps {
  readonly detector: ModelId;
  readonly candidate: ModelId;
  readonly stats: RolloutStats | undefined;
  readonly runs: readonly ModelRunStats[];
}

/** How the candidate compares with the detector in use, over the frames that both saw. */
export function RolloutFigures({ detector, candidate, stats, runs }: RolloutFiguresProps) {
  const { t, locale } = useI18n();
  if (!stats || stats.frames === 0) {
    return (
      <div role="status" className="rounded-m bg-raised p-3">
        <p className="m-0 font-medium">{t('rollout.noFrames')}</p>
        <p className="m-0 text-s text-ink-2">{t('rollout.noFramesWhy')}</p>
      </div>
    );
  }
  const ms = (value: number | null | undefined) => (value === null || value === undefined ? '–' : `${whole(value, locale)} ms`);
  const current = runs.find((run) => run.model === detector)?.computeMsP50;
  return (
    <div className="flex flex-col gap-2 rounded-m bg-raised p-3" data-testid="rollout-figures">
      <p className="m-0 flex flex-wrap items-baseline gap-x-2">
        <span className="figures text-2xl font-semibold">{stats.agreement === null ? '–' : percent(stats.agreement, locale, 1)}</span>
        <span className="text-ink-2">{t('rollout.agreement')}</span>
      </p>
      <p className="m-0 text-s text-ink-3">{t('rollout.agreementHint')}</p>
      <Facts
        rows={[
          [t('rollout.frames'), whole(stats.frames, locale)],
          [t('rollout.both'), whole(stats.both, locale)],
          [t('rollout.onlyCurrent', { model: detector }), whole(stats.onlyCurrent, locale)],
          [t('rollout.onlyCandidate', { model: candidate }), whole(stats.onlyCandidate, locale)],
          [t('rollout.computeTime'), t('rollout.computeTimes', { candidate: ms(stats.computeMsP50), current: ms(current) })],
          [t('rollout.version'), stats.candidateVersion || '–'],
        ]}
      />
    </div>
  );
}
