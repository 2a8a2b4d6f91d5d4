import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Nothing here yet: one sentence, one command or picture, one button. */
export function EmptyState({ icon: Icon, title, children, action }: { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-120 flex-col items-center gap-3 px-4 py-16 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-raised text-ink-2">
        <Icon aria-hidden size={28} />
      </span>
      <p className="m-0 text-l font-medium">{title}</p>
      {children && <div className="text-m text-ink-2">{children}</div>}
      {action}
    </div>
  );
}
