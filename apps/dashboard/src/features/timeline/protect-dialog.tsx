import type { Camera } from '@argus/contracts';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CheckField, TextField } from '../../ui/field.js';
import { When } from '../../ui/when.js';
import type { TimeView } from './time-view.js';

interface ProtectDialogProps {
  readonly cameras: readonly Camera[];
  readonly range: TimeView;
  readonly timeZone: string;
  readonly onClose: () => void;
}

const LONGEST_REASON = 500;

/** Holds a selected range back from removal: of which cameras, and why. */
export function ProtectDialog({ cameras, range, timeZone, onClose }: ProtectDialogProps) {
  const { t } = useI18n();
  const [reason, setReason] = useState('');
  const [left, setLeft] = useState<readonly string[]>([]);
  const [tried, setTried] = useState(false);
  const [from, to] = [new Date(range.fromMs).toISOString(), new Date(range.toMs).toISOString()];
  const chosen = cameras.filter(({ id }) => !left.includes(id));
  const protect = useAction(
    async () => {
      for (const { id } of chosen) {
        await client.call('createHold', { body: { cameraId: id, from, to, reason: reason.trim() } });
        // What is protected is not protected twice when another camera's answer was no.
        setLeft((ids) => [...ids, id]);
      }
    },
    { refresh: ['listHolds'], said: () => t('hold.made'), onDone: onClose, ownErrors: true },
  );
  const wanting = tried && reason.trim() === '' ? t('hold.reasonWanted') : undefined;
  return (
    <Dialog open title={t('hold.protect')} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (reason.trim() !== '' && chosen.length > 0) protect.mutate();
        }}
      >
        <p className="m-0 text-m text-ink-2">
          <When at={from} zone={timeZone} /> – <When at={to} zone={timeZone} />
          <span className="mt-1 block">{t('hold.rangeWhat')}</span>
        </p>
        {cameras.length > 1 && (
          <fieldset className="m-0 flex max-h-48 min-w-0 flex-col overflow-auto rounded-m border border-line p-3" disabled={protect.isPending}>
            <legend className="px-1 text-s font-medium text-ink-2">{t('hold.cameras')}</legend>
            {cameras.map(({ id, name }) => (
              <CheckField key={id} label={name} checked={!left.includes(id)} onChecked={(on) => setLeft(on ? left.filter((one) => one !== id) : [...left, id])} />
            ))}
          </fieldset>
        )}
        <TextField label={t('hold.reason')} hint={t('hold.reasonHint')} error={wanting} value={reason} onValue={setReason} maxLength={LONGEST_REASON} autoComplete="off" />
        {protect.isError && <ErrorNotice error={protect.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" tone="primary" icon={Lock} busy={protect.isPending} disabled={chosen.length === 0}>
            {t('hold.protect')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
