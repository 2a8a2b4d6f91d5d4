import type { Dataset } from '@argus/contracts';
import { ClipboardPaste, PackageOpen, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useKeys } from '../../app/shortcuts.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { Button, IconButton } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { useToasts } from '../../ui/toasts.js';
import { wereFilesPasted } from '../imports/use-dropped-files.js';
import { GuideLink } from '../guide/guide-invitation.js';
import { useCopiedSamples } from './pictures/sample-clipboard.js';
import type { Bulk } from './use-bulk.js';

interface DatasetActionsProps {
  readonly dataset: Dataset;
  readonly bulk: Bulk;
  readonly onEdit: () => void;
  /** null: the account may not import. */
  readonly onImport: (() => void) | null;
}

/** What can be done with the whole set: in its title row, on every tab. Work on sets (import, export, choosing) begins here, too. */
export function DatasetActions({ dataset, bulk, onEdit, onImport }: DatasetActionsProps) {
  const { t } = useI18n();
  const mayWrite = useCan()('dataset.write');
  return (
    <div role="toolbar" aria-label={t('datasets.actions')} className="flex min-w-0 flex-wrap items-center gap-2">
      {dataset.licence === null && (
        <Badge tone="caution" title={t('datasets.noLicenceWhy')}>
          {t('datasets.noLicence')}
        </Badge>
      )}
      <GuideLink small />
      {mayWrite && <PasteButton dataset={dataset} bulk={bulk} />}
      {onImport && (
        <Button icon={PackageOpen} aria-label={t('imports.open')} onClick={onImport}>
          <span className="max-sm:hidden">{t('imports.open')}</span>
        </Button>
      )}
      {mayWrite && (
        <Button icon={Pencil} aria-label={t('datasets.edit')} onClick={onEdit}>
          <span className="max-sm:hidden">{t('datasets.edit')}</span>
        </Button>
      )}
      {mayWrite && <DeleteButton dataset={dataset} />}
    </div>
  );
}

/** Ctrl+V may be meant for files: what the browser gives of those comes a moment behind the key. */
const FILES_COME_MS = 60;

/** Puts in what was copied in another set; Ctrl+V does the same. */
function PasteButton({ dataset, bulk }: { dataset: Dataset; bulk: Bulk }) {
  const { t } = useI18n();
  const toasts = useToasts();
  const copied = useCopiedSamples();
  const isOther = copied !== null && copied.from.id !== dataset.id;
  const paste = async () => {
    if (!copied) return;
    if (!isOther) return toasts.say(t('pictures.pasteHere'));
    const { from, digests } = copied;
    const changed = await bulk.run(t('pictures.copy'), digests, (sha256s) => client.call('copySamples', { params: { id: dataset.id }, body: { from: from.id, sha256s } }));
    if (changed !== null) toasts.say(t('pictures.pasted', { count: changed, set: from.name, known: digests.length - changed }));
  };
  useKeys({ '$mod+v': () => void setTimeout(() => !wereFilesPasted() && void paste(), FILES_COME_MS) });
  if (!isOther) return null;
  return (
    <Button icon={ClipboardPaste} title={t('pictures.pasteTitle', { set: copied.from.name })} onClick={() => void paste()}>
      {t('pictures.paste', { count: copied.digests.length })}
    </Button>
  );
}

function DeleteButton({ dataset: { id, name, counts } }: { dataset: Dataset }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteDataset', { params: { id } }), { refresh: ['listDatasets'], said: () => t('datasets.deleted', { name }), onDone: () => void navigate('/datasets') });
  return (
    <>
      <IconButton icon={Trash2} label={t('ui.delete')} onClick={() => setAsking(true)} />
      <ConfirmDialog open={asking} title={t('datasets.deleteAsk', { name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('datasets.deleteWhat', { count: counts.samples })}
      </ConfirmDialog>
    </>
  );
}
