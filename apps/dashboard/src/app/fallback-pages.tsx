import { Compass } from 'lucide-react';
import { Link, useRouteError } from 'react-router';
import { useI18n } from '../i18n/i18n.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorNotice } from '../ui/error-notice.js';

/** No page has this address. */
export function MissingPage() {
  const { t } = useI18n();
  return (
    <EmptyState icon={Compass} title={t('page.missing')} action={<Link to="/live" className="text-accent">{t('page.toLive')}</Link>}>
      {t('page.missingWhy')}
    </EmptyState>
  );
}

/** A page failed to load or to draw; the rest of the product goes on. */
export function CrashPage() {
  const { t } = useI18n();
  return <ErrorNotice error={useRouteError()} title={t('page.crashed')} onRetry={() => window.location.reload()} />;
}
