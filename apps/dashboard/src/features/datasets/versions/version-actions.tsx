import { DATASET_FORMATS, type Dataset, type DatasetFormat, type DatasetJobOptions, type DatasetVersion } from '@argus/contracts';
import { Columns2, Download, Ellipsis, Pin, PinOff, RotateCcw, Trash2, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { useCan } from '../../../app/account.js';
import { useAction } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { HelpButton } from '../../../help/help-button.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { Dialog } from '../../../ui/dialog.js';
import { SelectField, SwitchField } from '../../../ui/field.js';
import { shortDigest } from '../short-digest.js';

interface VersionActionsProps {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
  readonly onJob: (body: DatasetJobOptions) => void;
}

type Asked = 'restore' | 'remove' | 'export' | null;

/** What can be done with one version. */
export function VersionActions({ dataset, version, onJob }: VersionActionsProps) {
  const { t } = useI18n();
  const can = useCan();
  const [asked, setAsked] = useState<Asked>(null);
  const { digest, isKept } = version;
  const params = { id: dataset.id, digest };
  const short = shortDigest(digest);
  const isNow = digest === dataset.head && !dataset.isChanged;
  const close = () => setAsked(null);
  const keep = useAction((wanted: boolean) => client.call('changeDatasetVersion', { params, body: { isKept: wanted } }), { refresh: ['listDatasetVersions'] });
  const remove = useAction(() => client.call('deleteDatasetVersion', { params }), { refresh: ['listDatasetVersions', 'getDataset'], said: () => t('versions.removed', { digest: short }), onDone: close });
  if (!can('dataset.write')) return null;
  const begin = (body: DatasetJobOptions) => {
    close();
    onJob(body);
  };
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger aria-label={t('versions.actions', { digest: short })} title={t('versions.actions', { digest: short })} className="grid size-9 shrink-0 place-items-center rounded-m text-ink-2 hover:bg-raised hover:text-ink">
          <Ellipsis aria-hidden size={16} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-40 min-w-52 rounded-m border border-line bg-surface p-1 shadow-over">
            <Item icon={RotateCcw} text={t('versions.restore')} disabled={isNow} onSelect={() => setAsked('restore')} />
            <Item icon={Columns2} text={t('versions.compareNow')} disabled={isNow} onSelect={() => onJob({ kind: 'compare-versions', from: digest, to: null })} />
            {can('dataset.export') && <Item icon={Download} text={t('versions.export')} onSelect={() => setAsked('export')} />}
            <Item icon={isKept ? PinOff : Pin} text={t(isKept ? 'versions.release' : 'versions.keep')} onSelect={() => keep.mutate(!isKept)} />
            <Item icon={Trash2} text={t('versions.remove')} disabled={isKept} onSelect={() => setAsked('remove')} />
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <ConfirmDialog open={asked === 'restore'} title={t('versions.restoreAsk', { digest: short })} confirm={t('versions.restoreGo')} onConfirm={() => begin({ kind: 'restore-version', digest })} onClose={close}>
        {t('versions.restoreWhat')}
      </ConfirmDialog>
      <ConfirmDialog open={asked === 'remove'} title={t('versions.removeAsk', { digest: short })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={close}>
        {t('versions.removeWhat')}
      </ConfirmDialog>
      <ExportDialog open={asked === 'export'} digest={digest} onExport={begin} onClose={close} />
    </>
  );
}

function Item({ icon: Icon, text, disabled = false, onSelect }: { icon: LucideIcon; text: string; disabled?: boolean; onSelect: () => void }) {
  return (
    <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className="flex min-h-9 cursor-default items-center gap-2 rounded-s px-2 text-m outline-none data-disabled:opacity-50 data-highlighted:bg-raised">
      <Icon aria-hidden size={16} className="text-ink-2" /> {text}
    </DropdownMenu.Item>
  );
}

function ExportDialog({ open, digest, onExport, onClose }: { open: boolean; digest: string; onExport: (body: DatasetJobOptions) => void; onClose: () => void }) {
  const { t } = useI18n();
  const [format, setFormat] = useState<DatasetFormat>('imgdataset');
  const [reviewedOnly, setReviewedOnly] = useState(true);
  return (
    <Dialog open={open} title={t('versions.exportTitle', { digest: shortDigest(digest) })} onClose={onClose}>
      <SelectField label={t('setJobs.format')} value={format} onValue={(value) => setFormat(value as DatasetFormat)} options={DATASET_FORMATS.map((value) => ({ value, text: t(`setJobs.format.${value}`) }))} />
      <SwitchField label={t('setJobs.includeUnreviewed')} hint={t('setJobs.includeUnreviewedHint')} checked={!reviewedOnly} onChecked={(included) => setReviewedOnly(!included)} />
      <div className="flex justify-end gap-2">
        <span className="mr-auto">
          <HelpButton topic="job.export" />
        </span>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button tone="primary" icon={Download} onClick={() => onExport({ kind: 'export', format, reviewedOnly, ignoreUnreviewed: false, completeOnly: false, splits: null, version: digest, audience: 'private' })}>
          {t('setJobs.kind.export')}
        </Button>
      </div>
    </Dialog>
  );
}
