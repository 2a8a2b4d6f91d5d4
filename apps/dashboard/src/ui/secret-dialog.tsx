import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { Dialog } from './dialog.js';

/** A secret that is shown once: stays until the person says that it is kept. */
export function SecretDialog({ title, secret, children, onClose }: { title: string; secret: string; children: ReactNode; onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog open keepOpen title={title} onClose={onClose}>
      <p className="m-0 text-ink-2">{children}</p>
      <code data-testid="secret" className="rounded-m bg-raised p-3 font-mono text-s break-all select-all">
        {secret}
      </code>
      <div className="flex justify-end gap-2">
        <CopyButton text={secret} />
        <Button tone="primary" onClick={onClose}>
          {t('ui.kept')}
        </Button>
      </div>
    </Dialog>
  );
}
