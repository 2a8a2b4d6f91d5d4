import type { Dataset, DatasetJob } from '@argus/contracts';
import { Stamp } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { HelpButton } from '../../../help/help-button.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { TextField } from '../../../ui/field.js';

interface SealDialogProps {
  readonly open: boolean;
  readonly dataset: Dataset;
  readonly onBegun: (id: DatasetJob['id']) => void;
  readonly onClose: () => void;
}

/** Words for a version, before it is sealed. */
export function SealDialog({ open, dataset, onBegun, onClose }: SealDialogProps) {
  const { t } = useI18n();
  const [message, setMessage] = useState('');
  const seal = useAction(() => client.call('createDatasetJob', { params: { id: dataset.id }, body: { kind: 'version', message } }), {
    refresh: ['listDatasetJobs'],
    ownErrors: true,
    onDone: ({ id }) => {
      setMessage('');
      onBegun(id);
      onClose();
    },
  });
  return (
    <Dialog open={open} title={t('versions.sealTitle')} onClose={onClose}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          seal.mutate();
        }}
      >
        <p className="m-0 text-ink-2">{t('versions.sealWhat')}</p>
        <TextField label={t('versions.message')} hint={t('versions.messageHint')} value={message} onValue={setMessage} maxLength={1000} autoFocus />
        {seal.error && <ErrorNotice error={seal.error} />}
        <div className="flex justify-end gap-2">
          <span className="mr-auto">
            <HelpButton topic="job.version" />
          </span>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button data-guide="seal-now" type="submit" tone="primary" icon={Stamp} busy={seal.isPending}>
            {t('versions.sealNow')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
