import { DROP_CAUSES, SKIP_CAUSES, type CameraStats } from '@argus/contracts';
import { whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';

/** Pictures that were offered but not analysed, by cause. */
export function DropCauses({ stats }: { stats: CameraStats }) {
  const { t } = useI18n();
  return <Causes counts={DROP_CAUSES.map((cause) => [t(`drop.${cause}`), stats.dropped[cause] ?? 0])} />;
}

/** Packets that were received but not decoded, by cause. */
export function SkipCauses({ stats }: { stats: CameraStats }) {
  const { t } = useI18n();
  return <Causes counts={SKIP_CAUSES.map((cause) => [t(`skip.${cause}`), stats.skipped[cause] ?? 0])} />;
}

function Causes({ counts }: { counts: readonly (readonly [string, number])[] }) {
  const { locale } = useI18n();
  const found = counts.filter(([, count]) => count > 0);
  return (
    <>
      {whole(counts.reduce((sum, [, count]) => sum + count, 0), locale)}
      <span className="ml-auto flex w-max max-w-48 flex-wrap justify-end gap-x-1 text-s text-ink-3">
        {found.map(([name, count], index) => (
          <span key={name} className="whitespace-nowrap">
            {name} {whole(count, locale)}
            {index < found.length - 1 && ' ·'}
          </span>
        ))}
      </span>
    </>
  );
}
