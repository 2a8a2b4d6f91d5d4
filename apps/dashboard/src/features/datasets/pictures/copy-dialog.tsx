import type { Dataset } from '@argus/contracts';
import { FolderInput } from 'lucide-react';
import { useState } from 'react';
import { useAll } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { HelpButton } from '../../../help/help-button.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { SelectField } from '../../../ui/field.js';
import { useToasts } from '../../../ui/toasts.js';
import type { Bulk } from '../use-bulk.js';

interface CopyDialogProps {
  readonly dataset: Dataset;
  readonly digests: readonly string[];
  readonly bulk: Bulk;
  readonly onClose: () => void;
}

/** Copies the chosen pictures into another set without leaving this one. */
export function CopyDialog({ dataset, digests, bulk, onClose }: CopyDialogProps) {
  const { t } = useI18n();
  const toasts = useToasts();
  const others = (useAll('listDatasets').data ?? []).filter(({ id }) => id !== dataset.id);
  const [chosen, setChosen] = useState('');
  const target = others.find(({ id }) => id === chosen) ?? others[0];
  const copy = async () => {
    if (!target) return;
    onClose();
    const changed = await bulk.run(t('pictures.copy'), digests, (sha256s) => client.call('copySamples', { params: { id: target.id }, body: { from: dataset.id, sha256s } }));
    if (changed !== null) toasts.say(t('pictures.pasted', { count: changed, set: dataset.name, known: digests.length - changed }));
  };
  return (
    <Dialog open title={t('pictures.copyTitle', { count: digests.length })} onClose={onClose}>
      {target ? <SelectField label={t('pictures.copyInto')} hint={t('pictures.copyWhat')} value={target.id} onValue={setChosen} options={others.map(({ id, name }) => ({ value: id, text: name }))} /> : <p className="m-0 text-ink-2">{t('pictures.noOther')}</p>}
      <div className="flex justify-end gap-2">
        <span className="mr-auto">
          <HelpButton topic="copy" />
        </span>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button tone="primary" icon={FolderInput} disabled={!target} onClick={() => void copy()}>
          {t('pictures.copy')}
        </Button>
      </div>
    </Dialog>
  );
}
