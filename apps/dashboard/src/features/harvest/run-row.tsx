import { isOpen } from '../../app/is-open.js';
import type { HarvestRun } from '@argus/contracts';
import { Link } from 'react-router';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { Badge } from '../../ui/badge.js';
import { Ago } from '../../ui/when.js';
import { ProgressBar } from '../exports/progress-bar.js';
import { countWords, progressWords, shareOf, TONES } from './run-words.js';

/** A run and how far it is. */
export function RunRow({ run, selected }: { run: HarvestRun; selected: boolean }) {
  const { t, locale } = useI18n();
  return (
    <li className={`border-b border-line ${selected ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <Link to={`/harvest/runs/${run.id}`} aria-current={selected || undefined} className="flex flex-col gap-1 px-4 py-3 text-ink no-underline">
        <span className="flex min-w-0 items-center gap-2">
          <span className="min-w-0 clip font-semibold">{run.recipe.name}</span>
          <Badge tone={TONES[run.state]}>{t(`harvest.state.${run.state}`)}</Badge>
          <span className="ml-auto shrink-0 text-s text-ink-3">
            <Ago at={run.createdAt} />
          </span>
        </span>
        {isOpen(run) ? (
          <>
            <span className="figures text-s text-ink-2">{progressWords(run, t, locale, Date.now())}</span>
            <ProgressBar share={shareOf(run)} label={t('harvest.progress', { name: run.recipe.name })} />
          </>
        ) : (
          <span className={`text-s ${run.problem ? 'clip text-alarm' : 'figures text-ink-3'}`}>{run.problem ? serverWords(run.problem, locale) : countWords(run, t, locale)}</span>
        )}
      </Link>
    </li>
  );
}
