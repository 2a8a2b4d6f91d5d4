import type { ReactNode } from 'react';

/** A titled part of a long form. */
export function FormPart({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3">
      <div>
        <h3 className="m-0 text-m font-semibold">{title}</h3>
        {hint && <p className="m-0 text-s text-ink-3">{hint}</p>}
      </div>
      {children}
    </section>
  );
}
