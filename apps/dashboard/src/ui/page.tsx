import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';

interface PageProps {
  readonly title: string;
  /** The list that this page is of. */
  readonly back?: { readonly to: string; readonly text: string };
  /** The page's one main action. */
  readonly action?: ReactNode;
  readonly tabs?: readonly { readonly to: string; readonly text: string }[];
  readonly children: ReactNode;
  /** Side panel. */
  readonly panel?: ReactNode;
}

/** One title row, then content to the edge, and a panel beside it for the thing that is open. */
export function Page({ title, back, action, tabs, children, panel }: PageProps) {
  return (
    <div className="flex h-full min-h-0 min-w-0">
      <main className="flex min-h-0 min-w-0 flex-1 flex-col" id="main">
        <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
          {back && (
            <Link to={back.to} aria-label={back.text} title={back.text} className="-mr-3 -ml-2 grid size-9 shrink-0 place-items-center rounded-m text-ink-2 hover:bg-raised hover:text-ink">
              <ChevronLeft aria-hidden size={20} />
            </Link>
          )}
          <h1 className="m-0 min-w-0 text-xl font-semibold">{title}</h1>
          {tabs && <TabLinks tabs={tabs} />}
          <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">{action}</div>
        </header>
        <div className="min-h-0 flex-1 overflow-auto" data-scroll>
          {children}
        </div>
      </main>
      {panel}
    </div>
  );
}

function TabLinks({ tabs }: { tabs: readonly { readonly to: string; readonly text: string }[] }) {
  return (
    <nav className="flex gap-1 overflow-x-auto max-sm:order-last max-sm:w-full" aria-label={tabs.map((tab) => tab.text).join(', ')}>
      {tabs.map((tab) => (
        <NavLink key={tab.to} to={tab.to} end className={({ isActive }) => `flex min-h-9 items-center rounded-m px-3 text-m whitespace-nowrap no-underline ${isActive ? 'bg-accent-soft text-ink' : 'text-ink-2 hover:bg-raised'}`}>
          {tab.text}
        </NavLink>
      ))}
    </nav>
  );
}

/** A titled block of a page. */
export function Section({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3 p-4" aria-label={title}>
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="m-0 text-l font-semibold">{title}</h2>
        <div className="ml-auto flex gap-2">{action}</div>
      </div>
      {children}
    </section>
  );
}
