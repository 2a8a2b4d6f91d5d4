import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, CircleX, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** alarm: lost or dangerous. caution: degraded or waiting for a person. good: a confirmed success. busy: under way. calm: neither. */
export type Tone = 'alarm' | 'caution' | 'good' | 'busy' | 'calm';

const LOOK: Readonly<Record<Tone, { icon: LucideIcon; ink: string; soft: string }>> = {
  alarm: { icon: CircleX, ink: 'text-alarm', soft: 'bg-alarm-soft text-alarm' },
  caution: { icon: CircleAlert, ink: 'text-caution', soft: 'bg-caution-soft text-caution' },
  good: { icon: CircleCheck, ink: 'text-good', soft: 'bg-good-soft text-good' },
  busy: { icon: CircleDashed, ink: 'text-busy', soft: 'bg-busy-soft text-busy' },
  calm: { icon: CircleMinus, ink: 'text-ink-3', soft: 'bg-raised text-ink-2' },
};

/** A state: never colour alone, always an icon and a word. */
export function Badge({ tone, children, title, icon }: { tone: Tone; children: ReactNode; title?: string; icon?: LucideIcon }) {
  const Icon = icon ?? LOOK[tone].icon;
  return (
    <span title={title} className={`inline-flex items-center gap-1 rounded-full py-px pr-2 pl-1 text-s font-medium whitespace-nowrap ${LOOK[tone].soft}`}>
      <Icon aria-hidden size={14} />
      {children}
    </span>
  );
}

/** A plain word about a thing that is no state: its kind or role. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className="inline-flex items-center rounded-full bg-raised px-2 py-px text-s whitespace-nowrap text-ink-2">{children}</span>;
}

export function ToneIcon({ tone, size = 16 }: { tone: Tone; size?: number }) {
  const { icon: Icon, ink } = LOOK[tone];
  return <Icon aria-hidden size={size} className={`shrink-0 ${ink}`} />;
}
