import type { ReactNode } from 'react';
import { Badge, type Tone } from '../../ui/badge.js';

/** One sentence that answers "is it well?". */
export function HealthCard({ title, tone, word, children }: { title: string; tone: Tone; word: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2 rounded-m border border-line bg-surface p-4">
      <h2 className="m-0 text-s font-medium text-ink-2">{title}</h2>
      <div>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="figures m-0 text-s text-ink-3">{children}</p>
    </section>
  );
}
