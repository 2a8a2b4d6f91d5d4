import { EyeOff, Eye } from 'lucide-react';
import { Navigate } from 'react-router';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { useGuide } from './guide-context.js';
import { GuideSteps } from './guide-steps.js';

/** The way through the data loop on a page of its own. */
export function GuidePage() {
  const { t } = useI18n();
  const can = useCan();
  const { isHidden, hide } = useGuide();
  if (!can('dataset.read')) return <Navigate to="/live" replace />;
  return (
    <Page
      title={t('guide.title')}
      action={
        <Button icon={isHidden ? Eye : EyeOff} onClick={() => hide(!isHidden)}>
          {t(isHidden ? 'guide.unhide' : 'guide.hide')}
        </Button>
      }
    >
      <div className="mx-auto flex max-w-220 flex-col gap-4 p-4">
        <p className="m-0 text-m text-ink-2">{t('guide.intro')}</p>
        {isHidden && <p className="m-0 text-s text-ink-2">{t('guide.isHidden')}</p>}
        <GuideSteps />
      </div>
    </Page>
  );
}
