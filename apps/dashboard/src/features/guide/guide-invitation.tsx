import { EyeOff, Footprints } from 'lucide-react';
import { useNavigate } from 'react-router';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { LinkButton } from '../../ui/link-button.js';
import { useGuide } from './guide-context.js';
import { GuideSteps } from './guide-steps.js';

const useIsOffered = (): boolean => {
  const can = useCan();
  return !useGuide().isHidden && can('dataset.read');
};

/** Leads to the guide from a page of data; nothing where somebody has hidden it. `small`: where the row is full. */
export function GuideLink({ small = false }: { small?: boolean }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  if (!useIsOffered()) return null;
  if (small) return <IconButton icon={Footprints} label={t('guide.open')} onClick={() => void navigate('/guide')} />;
  return (
    <LinkButton to="/guide" icon={Footprints} isPlain>
      <span className="max-sm:sr-only">{t('guide.open')}</span>
    </LinkButton>
  );
}

/** Stands where nothing has been made yet: the way there. */
export function GuideInvitation() {
  const { t } = useI18n();
  const { hide } = useGuide();
  if (!useIsOffered()) return null;
  return (
    <section aria-label={t('guide.title')} className="mx-auto flex max-w-220 flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="m-0 text-l font-semibold">{t('guide.title')}</h2>
        <span className="ml-auto">
          <Button tone="quiet" icon={EyeOff} onClick={() => hide(true)}>
            {t('guide.hide')}
          </Button>
        </span>
        <p className="m-0 w-full text-m text-ink-2">{t('guide.intro')}</p>
      </div>
      <GuideSteps />
    </section>
  );
}
