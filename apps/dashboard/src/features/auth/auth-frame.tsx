import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { LOCALES, LOCALE_NAMES } from '../../i18n/locale.js';

/** The quiet page around sign-in and set-up, with the choice of language. */
export function AuthFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { locale, choose, t } = useI18n();
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 p-4">
      <div className="flex w-90 max-w-full flex-col gap-5 rounded-m border border-line bg-surface p-6">
        <div className="flex items-center gap-3">
          <img src="/argus.svg" alt="" width={36} height={36} />
          <h1 className="m-0 text-xl font-semibold">{title}</h1>
        </div>
        <p className="m-0 text-ink-2">{lead}</p>
        {children}
      </div>
      <div role="group" aria-label={t('account.language')} className="flex gap-1">
        {LOCALES.map((one) => (
          <button key={one} type="button" aria-pressed={one === locale} onClick={() => choose(one)} className={`min-h-9 rounded-m px-3 text-s ${one === locale ? 'bg-accent-soft text-ink' : 'text-ink-3 hover:text-ink'}`}>
            {LOCALE_NAMES[one]}
          </button>
        ))}
      </div>
    </main>
  );
}
