import { FileVideo, RotateCcw, Upload, X } from 'lucide-react';
import { useId, useState, type DragEvent } from 'react';
import { formatBytes, percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { IconButton } from '../../ui/button.js';
import { ProgressBar } from '../exports/progress-bar.js';
import { chosenFiles, droppedFiles } from '../imports/picked-files.js';
import type { FormPartProps } from './form-part-props.js';
import { videosOf } from './picked-videos.js';
import { useUploads, type Sending } from './use-uploads.js';

/** Videos from this computer: dropped or chosen, with how far each is. */
export function UploadsField({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  const { items, add, retry, cancel } = useUploads(onDraft);
  const [over, setOver] = useState(false);
  const error = errorOf('uploads');
  const id = useId();
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then((files) => add(videosOf(files)));
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <label
        className={`flex min-h-28 cursor-pointer flex-col items-center justify-center gap-1 rounded-m border-2 border-dashed p-4 text-center focus-within:border-accent ${over ? 'border-accent bg-accent-soft' : error ? 'border-alarm' : 'border-line-strong hover:bg-raised'}`}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Upload aria-hidden size={22} className="text-ink-3" />
        <span className="text-m font-medium">{t('harvest.drop')}</span>
        <span id={id} className="text-s text-ink-3">
          {t('harvest.dropHint')}
        </span>
        <input
          type="file"
          multiple
          accept="video/*,.mkv,.ts,.m2ts,.mts,.dav,.mxf,.h264,.h265,.hevc"
          className="sr-only"
          aria-label={t('harvest.chooseVideos')}
          aria-describedby={id}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            add(videosOf(chosenFiles(event.target.files ?? [])));
            event.target.value = '';
          }}
        />
      </label>
      {error && (
        <p role="alert" className="m-0 text-s text-alarm">
          {error}
        </p>
      )}
      {items.length + draft.uploads.length > 0 && (
        <ul className="m-0 flex max-h-72 list-none flex-col overflow-auto rounded-m border border-line p-0" aria-label={t('harvest.uploads')}>
          {items.map((item) => (
            <SendingRow key={item.mark} item={item} onRetry={() => retry(item.mark)} onCancel={() => cancel(item)} />
          ))}
          {draft.uploads.map(({ id: uploadId, name }, index) => {
            const shown = name ?? t('harvest.uploadedVideo', { number: index + 1 });
            return (
              <li key={uploadId} className="flex min-h-10 min-w-0 items-center gap-2 border-b border-line px-3 last:border-0">
                <FileVideo aria-hidden size={16} className="shrink-0 text-good" />
                <span className="min-w-0 flex-1 clip text-m">{shown}</span>
                <span className="shrink-0 text-s text-ink-3">{t('harvest.uploaded')}</span>
                <IconButton icon={X} label={t('ui.remove', { name: shown })} onClick={() => onDraft(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== uploadId) }))} />
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function SendingRow({ item: { file, path: name, sent, isLost, problem }, onRetry, onCancel }: { item: Sending; onRetry: () => void; onCancel: () => void }) {
  const { t, locale } = useI18n();
  const share = file.size === 0 ? 0 : sent / file.size;
  return (
    <li className="flex min-w-0 flex-col gap-1 border-b border-line px-3 py-1 last:border-0">
      <div className="flex min-w-0 items-center gap-2">
        <FileVideo aria-hidden size={16} className="shrink-0 text-ink-3" />
        <span className="min-w-0 flex-1 clip text-m">{name}</span>
        <span className="figures shrink-0 text-s text-ink-3">{problem === null ? t('harvest.sent', { share: percent(share, locale), size: formatBytes(file.size, locale) }) : t('harvest.notSent')}</span>
        {problem !== null && <IconButton icon={RotateCcw} label={t('harvest.sendAgain', { name })} onClick={onRetry} />}
        <IconButton icon={X} label={t('harvest.cancelUpload', { name })} onClick={onCancel} />
      </div>
      {problem === null ? <ProgressBar share={share} label={t('harvest.uploadOf', { name })} /> : <p className="m-0 text-s text-alarm [overflow-wrap:anywhere]">{serverWords(problem, locale)}</p>}
      {isLost && problem === null && <p className="m-0 text-s text-caution">{t('imports.lost')}</p>}
    </li>
  );
}
