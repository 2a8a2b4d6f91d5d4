import { useI18n } from '../../i18n/i18n.js';

type Direction = 'any' | 'left-to-right' | 'right-to-left';

/** Somebody stands at a and looks at b; the arrow shows which way counts. */
export function DirectionPicture({ direction }: { direction: Direction }) {
  const { t } = useI18n();
  return (
    <svg viewBox="0 0 240 120" role="img" aria-label={t(`direction.${direction}`)} className="h-30 w-60 max-w-full rounded-m bg-raised">
      <defs>
        <marker id="arrow-head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8Z" fill="var(--accent)" />
        </marker>
      </defs>
      <line x1="120" y1="102" x2="120" y2="18" stroke="var(--ink-3)" strokeWidth="3" />
      <circle cx="120" cy="102" r="5" fill="var(--ink)" />
      <circle cx="120" cy="18" r="5" fill="var(--ink)" />
      <text x="132" y="107" fill="var(--ink)" fontSize="14">
        a
      </text>
      <text x="132" y="23" fill="var(--ink)" fontSize="14">
        b
      </text>
      <text x="28" y="92" fill="var(--ink-3)" fontSize="13" textAnchor="middle">
        {t('direction.left')}
      </text>
      <text x="212" y="92" fill="var(--ink-3)" fontSize="13" textAnchor="middle">
        {t('direction.right')}
      </text>
      <line
        x1="60"
        y1="60"
        x2="180"
        y2="60"
        stroke="var(--accent)"
        strokeWidth="3"
        markerEnd={direction === 'right-to-left' ? undefined : 'url(#arrow-head)'}
        markerStart={direction === 'left-to-right' ? undefined : 'url(#arrow-head)'}
      />
    </svg>
  );
}
