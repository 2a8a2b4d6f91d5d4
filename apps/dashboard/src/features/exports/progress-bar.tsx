import { percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';

/** A share of work that is done. */
export function ProgressBar({ share, label }: { share: number; label: string }) {
  const { locale } = useI18n();
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={percent(share, locale)} className="h-1.5 w-full overflow-hidden rounded-full bg-raised">
      <div className="h-full rounded-full bg-busy transition-[width] duration-500" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
