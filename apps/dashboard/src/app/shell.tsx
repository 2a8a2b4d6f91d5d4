import { WifiOff } from 'lucide-react';
import { Suspense, useCallback, useState } from 'react';
import { Outlet } from 'react-router';
import { useI18n } from '../i18n/i18n.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago } from '../ui/when.js';
import { RequireAccount } from './account.js';
import { GuideBar } from '../features/guide/guide-bar.js';
import { GuideProvider } from '../features/guide/guide-context.js';
import { Rail } from './rail.js';
import { RealtimeProvider, useRealtime } from './realtime.js';
import { Shortcuts } from './shortcuts.js';
import { StorageNotice } from './storage-notice.js';

/** Rail, page, and lines above: when the link to the gateway is lost (everything shown is then only what was last known), and when footage is. */
export function Shell() {
  const { t } = useI18n();
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  return (
    <RequireAccount>
      <RealtimeProvider>
        <GuideProvider>
          <a href="#main" className="sr-only focus:not-sr-only">
            {t('nav.skip')}
          </a>
          <div className="flex h-dvh flex-col pb-14 md:flex-row md:pb-0">
            <Rail onHelp={openHelp} />
            <div className="flex min-h-0 min-w-0 flex-1 flex-col">
              <LostLink />
              <StorageNotice />
              <div className="min-h-0 flex-1">
                <Suspense fallback={<Skeleton />}>
                  <Outlet />
                </Suspense>
              </div>
              <GuideBar />
            </div>
          </div>
          <Shortcuts open={help} onOpen={setHelp} />
        </GuideProvider>
      </RealtimeProvider>
    </RequireAccount>
  );
}

function LostLink() {
  const { t } = useI18n();
  const { lostSince } = useRealtime();
  if (lostSince === null) return null;
  return (
    <p role="alert" className="m-0 flex items-center gap-2 bg-caution-soft px-4 py-2 text-m text-caution">
      <WifiOff aria-hidden size={16} className="shrink-0" />
      <span>
        {t('link.lost')} <Ago at={new Date(lostSince).toISOString()} />
      </span>
    </p>
  );
}
