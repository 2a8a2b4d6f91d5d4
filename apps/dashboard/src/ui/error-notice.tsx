import { CircleX } from 'lucide-react';
import { errorText } from '../i18n/error-text.js';
import { useI18n } from '../i18n/i18n.js';
import { Button } from './button.js';
import { CopyButton } from './copy-button.js';

/** What happened, why, what to do, and a code to copy. */
export function ErrorNotice({ error, title, onRetry }: { error: unknown; title?: string; onRetry?: () => void }) {
  const { t, locale } = useI18n();
  const { title: known, detail, told, code } = errorText(error, t, locale);
  return (
    <div role="alert" className="m-4 flex flex-col gap-2 rounded-m border border-alarm bg-alarm-soft p-4 text-m">
      <p className="m-0 flex items-center gap-2 font-medium text-alarm">
        <CircleX aria-hidden size={16} className="shrink-0" />
        {[title, known].filter(Boolean).join(': ') || t('ui.failed')}
      </p>
      <p className="m-0 text-ink">{detail}</p>
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-s text-ink-2">{code}</code>
        <CopyButton text={`${code}: ${told}`} label={t('ui.copyCode')} />
        {onRetry && <Button onClick={onRetry}>{t('ui.retry')}</Button>}
      </div>
    </div>
  );
}
