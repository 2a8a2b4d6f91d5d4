import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** A page's main action when it leads to another page; plain: one beside it. */
export function LinkButton({ to, icon: Icon, isPlain = false, children }: { to: string; icon?: LucideIcon; isPlain?: boolean; children: ReactNode }) {
  return (
    <Link to={to} className={`inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m px-3 text-m font-medium whitespace-nowrap no-underline ${isPlain ? 'border border-line-strong bg-surface text-ink hover:bg-raised' : 'bg-accent-fill text-on-accent hover:brightness-110'}`}>
      {Icon && <Icon aria-hidden size={16} />}
      {children}
    </Link>
  );
}
