import { isOpen } from '../../app/is-open.js';
import type { Export } from '@argus/contracts';
import { OctagonX, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../app/calls.js';
import { useCamerasById } from '../../app/cameras.js';
import { client } from '../../app/client.js';
import { formatBytes } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { Badge } from '../../ui/badge.js';
import { Button, IconButton } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Facts } from '../../ui/facts.js';
import { SidePanel } from '../../ui/side-panel.js';
import { Ago, When } from '../../ui/when.js';
import { ExportFiles } from './export-files.js';
import { TONES, askedRange, cameraNames, howWords, progressWords } from './export-words.js';
import { ProgressBar } from './progress-bar.js';

/** One export: how far it is, what is in it, and its files with their digests. */
export function ExportPanel({ item, onClose }: { item: Export; onClose: () => void }) {
  const { t, locale } = useI18n();
  const actions = (
    <>
      {isOpen(item) && <StopButton item={item} />}
      {(item.state === 'failed' || item.state === 'cancelled') && <ResumeButton item={item} />}
      <DeleteButton item={item} onDone={onClose} />
    </>
  );
  return (
    <SidePanel wide title={item.title} onClose={onClose} actions={actions}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-col gap-2" role="status">
          <div className="flex flex-wrap items-center gap-3">
            <Badge tone={TONES[item.state]}>{t(`exports.state.${item.state}`)}</Badge>
            {isOpen(item) && <span className="figures text-s text-ink-2">{progressWords(item, t, locale)}</span>}
          </div>
          {isOpen(item) && <ProgressBar share={item.progress.share} label={t('exports.progress', { title: item.title })} />}
          {item.error && <p className="m-0 rounded-m bg-alarm-soft p-3 text-m break-words text-ink">{serverWords(item.error, locale)}</p>}
        </div>
        <ExportFacts item={item} />
        {item.note && <p className="m-0 text-m whitespace-pre-wrap text-ink-2">{item.note}</p>}
        <ExportFiles item={item} />
      </div>
    </SidePanel>
  );
}

function ExportFacts({ item }: { item: Export }) {
  const { t, locale } = useI18n();
  const cameras = useCamerasById();
  const zone = cameras.get(item.ranges[0]?.cameraId ?? '')?.timeZone ?? 'UTC';
  const { from, to } = askedRange(item);
  const asked = (
    <>
      <When at={from} zone={zone} /> – <When at={to} zone={zone} />
    </>
  );
  const rows = [
    [t('exports.cameras'), cameraNames(item)],
    [t('exports.asked'), asked],
    [t('exports.how'), howWords(item, t, locale)],
    [t('exports.size'), isOpen(item) ? t('exports.aboutSize', { size: formatBytes(item.estimatedBytes, locale) }) : formatBytes(item.progress.bytes, locale)],
    [
      t('exports.made'),
      <>
        {item.createdBy}, <Ago at={item.createdAt} />
      </>,
    ],
    ...(item.expiresAt ? [[t('exports.expires'), <When at={item.expiresAt} zone={zone} />] as const] : []),
  ] as const;
  return <Facts rows={rows} />;
}

function StopButton({ item }: { item: Export }) {
  const { t } = useI18n();
  const stop = useAction(() => client.call('cancelExport', { params: { id: item.id } }), { refresh: ['listExports'], said: () => t('exports.stopped', { title: item.title }) });
  return (
    <Button icon={OctagonX} busy={stop.isPending} onClick={() => stop.mutate()}>
      {t('exports.stop')}
    </Button>
  );
}

function ResumeButton({ item }: { item: Export }) {
  const { t } = useI18n();
  const resume = useAction(() => client.call('resumeExport', { params: { id: item.id } }), { refresh: ['listExports'], said: () => t('exports.resumed', { title: item.title }) });
  return (
    <Button tone="primary" icon={Play} busy={resume.isPending} onClick={() => resume.mutate()}>
      {t('exports.resume')}
    </Button>
  );
}

function DeleteButton({ item, onDone }: { item: Export; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteExport', { params: { id: item.id } }), { refresh: ['listExports'], said: () => t('exports.deleted', { title: item.title }), onDone });
  return (
    <>
      <IconButton icon={Trash2} label={t('ui.delete')} onClick={() => setAsking(true)} />
      <ConfirmDialog open={asking} title={t('exports.deleteAsk', { title: item.title })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('exports.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
