import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useI18n } from '../i18n/i18n.js';
import { ConfirmDialog } from './confirm-dialog.js';

/** Asks before unsaved work is left: inside the dashboard by a dialog, on closing the tab by the browser. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useI18n();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!dirty) return;
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onLeave);
    return () => window.removeEventListener('beforeunload', onLeave);
  }, [dirty]);
  if (blocker.state !== 'blocked') return null;
  return (
    <ConfirmDialog open title={t('ui.leaveAsk')} confirm={t('ui.leave')} onConfirm={() => blocker.proceed()} onClose={() => blocker.reset()}>
      {t('ui.leaveWhat')}
    </ConfirmDialog>
  );
}
