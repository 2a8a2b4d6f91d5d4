import type { Permission } from '@argus/contracts';
import { useCan } from '../../app/account.js';
import type { TextKey } from '../../i18n/en.js';
import { useI18n } from '../../i18n/i18n.js';

const TABS: readonly { to: string; text: TextKey; permission: Permission }[] = [
  { to: '/admin/users', text: 'admin.users', permission: 'user.read' },
  { to: '/admin/api-keys', text: 'admin.apiKeys', permission: 'api-key.read' },
  { to: '/admin/audit', text: 'admin.audit', permission: 'audit.read' },
];

/** Pages under Admin that the account may open. */
export function useAdminTabs(): { to: string; text: string }[] {
  const { t } = useI18n();
  const can = useCan();
  return TABS.filter((tab) => can(tab.permission)).map((tab) => ({ to: tab.to, text: t(tab.text) }));
}
