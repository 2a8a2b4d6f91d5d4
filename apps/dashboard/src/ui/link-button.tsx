import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** A page's main action when it leads to another page. */
export function LinkButton({ to, icon: Icon, children }: { to: string; icon?: LucideIcon; children: ReactNode }) {
  return (
    <Link to={to} className="inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m bg-accent-fill px-3 text-m font-medium whitespace-nowrap text-on-accent no-underline hover:brightness-110">
      {Icon && <Icon aria-hidden size={16} />}
      {children}
    </Link>
  );
}
