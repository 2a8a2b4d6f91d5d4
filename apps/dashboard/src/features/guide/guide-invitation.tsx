import { EyeOff, Footprints } from 'lucide-react';
import type { ReactNode } from 'react';
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

interface InvitationProps {
  readonly title: string;
  readonly why: string;
  /** Other ways to begin. */
  readonly actions: ReactNode;
  /** Stands there where the guide is hidden. */
  readonly children: ReactNode;
}

/** The empty state of the data pages: what is missing, and the way there. */
export function GuideInvitation({ title, why, actions, children }: InvitationProps) {
  const { t } = useI18n();
  const { hide } = useGuide();
  if (!useIsOffered()) return children;
  return (
    <section aria-label={t('guide.title')} className="mx-auto flex max-w-220 flex-col gap-4 p-4 sm:py-8">
      <div className="flex flex-col gap-2">
        <h2 className="m-0 text-l font-semibold">{title}</h2>
        <p className="m-0 text-m text-ink-2">{why}</p>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 border-t border-line pt-4">
        <h2 className="m-0 text-l font-semibold">{t('guide.title')}</h2>
        <Button tone="quiet" icon={EyeOff} className="-mr-3 ml-auto" onClick={() => hide(true)}>
          {t('guide.hide')}
        </Button>
        <p className="m-0 w-full text-m text-ink-2">{t('guide.intro')}</p>
      </div>
      <GuideSteps />
    </section>
  );
}
