import type { Permission } from '@argus/contracts';
import { Activity, Bell, Camera, FileDown, History, Images, MonitorPlay, ShieldCheck, SlidersHorizontal, Sprout, Webhook, type LucideIcon } from 'lucide-react';
import { NavLink } from 'react-router';
import type { TextKey } from '../i18n/en.js';
import { useI18n } from '../i18n/i18n.js';
import { AccountMenu } from './account-menu.js';
import { useCan } from './account.js';
import { RunningExports } from './running-exports.js';
import { RunningHarvests } from './running-harvests.js';

interface Entry {
  readonly to: string;
  readonly text: TextKey;
  readonly icon: LucideIcon;
  readonly permission: Permission;
  /** Stays in the bottom bar of a phone; the others are in the menu there. */
  readonly phone: boolean;
}

export const ENTRIES: readonly Entry[] = [
  { to: '/live', text: 'nav.live', icon: MonitorPlay, permission: 'live.view', phone: true },
  { to: '/events', text: 'nav.events', icon: Bell, permission: 'event.read', phone: true },
  { to: '/timeline', text: 'nav.timeline', icon: History, permission: 'recording.view', phone: true },
  { to: '/cameras', text: 'nav.cameras', icon: Camera, permission: 'camera.read', phone: true },
  { to: '/rules', text: 'nav.rules', icon: SlidersHorizontal, permission: 'rule.read', phone: false },
  { to: '/exports', text: 'nav.exports', icon: FileDown, permission: 'recording.export', phone: false },
  { to: '/harvest', text: 'nav.harvest', icon: Sprout, permission: 'harvest.read', phone: false },
  { to: '/datasets', text: 'nav.datasetsShort', icon: Images, permission: 'dataset.read', phone: false },
  { to: '/webhooks', text: 'nav.webhooks', icon: Webhook, permission: 'webhook.read', phone: false },
  { to: '/system', text: 'nav.system', icon: Activity, permission: 'system.read', phone: false },
  { to: '/admin', text: 'nav.admin', icon: ShieldCheck, permission: 'user.read', phone: false },
];

/** The slim rail at the left; a bar at the bottom of a phone. Only pages that the account may open. */
export function Rail({ onHelp }: { onHelp: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const entries = ENTRIES.filter((entry) => can(entry.permission));
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:static md:w-20 md:shrink-0 md:flex-col md:border-t-0 md:border-r md:pb-0"
    >
      <img src="/argus.svg" alt="Argus" width={32} height={32} className="mx-auto my-3 hidden md:block" />
      <ul className="m-0 flex min-w-0 flex-4 list-none p-0 md:flex-1 md:flex-col md:gap-1 md:px-1">
        {entries.map((entry) => (
          <li key={entry.to} className={`min-w-0 flex-1 md:flex-none ${entry.phone ? '' : 'hidden md:block'}`}>
            <NavLink
              to={entry.to}
              className={({ isActive }) =>
                `flex min-h-14 flex-col items-center justify-center gap-1 rounded-m text-s no-underline ${isActive ? 'bg-accent-soft font-medium text-ink' : 'text-ink-2 hover:bg-raised hover:text-ink'}`
              }
            >
              <span className="relative">
                <entry.icon aria-hidden size={20} />
                {entry.to === '/exports' && <RunningExports />}
                {entry.to === '/harvest' && <RunningHarvests />}
              </span>
              <span className="max-w-full clip">{t(entry.text)}</span>
            </NavLink>
          </li>
        ))}
      </ul>
      <AccountMenu onHelp={onHelp} entries={entries.filter((entry) => !entry.phone)} />
    </nav>
  );
}
