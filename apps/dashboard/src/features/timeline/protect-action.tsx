import type { Camera } from '@argus/contracts';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ProtectDialog } from './protect-dialog.js';
import type { TimeView } from './time-view.js';

interface ProtectActionProps {
  readonly cameras: readonly Camera[];
  readonly range: TimeView;
  readonly timeZone: string;
}

/** "Protect…" beside a selected range. Nothing is shown to whoever may not. */
export function ProtectAction(props: ProtectActionProps) {
  const { t } = useI18n();
  const can = useCan();
  const [open, setOpen] = useState(false);
  if (!can('recording.hold')) return null;
  return (
    <>
      <Button icon={Lock} onClick={() => setOpen(true)}>
        {t('hold.ofRange')}
      </Button>
      {open && <ProtectDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
