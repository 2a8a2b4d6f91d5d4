import { useI18n } from '../../i18n/i18n.js';

/** Pages under System. */
export function useSystemTabs(): { to: string; text: string }[] {
  const { t } = useI18n();
  return [
    { to: '/system', text: t('system.status') },
    { to: '/system/recordings', text: t('limits.title') },
    { to: '/system/tuning', text: t('tuning.title') },
  ];
}
