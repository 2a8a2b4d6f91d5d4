import { CornerLeftUp, Folder, FolderOpen } from 'lucide-react';
import { useId } from 'react';
import { useCall } from '../../app/calls.js';
import { errorText } from '../../i18n/error-text.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';

/** A folder among those that the server's operator allows: opening one chooses it. */
export function FolderField({ path, error, onPath }: { path: string; error: string | undefined; onPath: (path: string) => void }) {
  const { t, locale } = useI18n();
  const id = useId();
  const roots = useCall('listVideoFolders', {});
  const inside = useCall('listVideoFolders', { query: { within: path } }, { enabled: path !== '' });
  const root = roots.data?.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  const shown = path === '' ? roots : inside;
  const above = root === undefined || path === root.path ? '' : path.slice(0, path.lastIndexOf('/'));
  const wrong = error ?? (shown.error ? errorText(shown.error, t, locale).detail : undefined);
  return (
    <div role="group" aria-labelledby={id} className="flex min-w-0 flex-col gap-1">
      <span id={id} className="text-s font-medium text-ink-2">
        {t('harvest.folder')}
      </span>
      <div className={`flex min-w-0 flex-col rounded-m border ${wrong ? 'border-alarm' : 'border-line'}`}>
        <div className="flex min-h-11 min-w-0 items-center gap-2 border-b border-line px-2">
          {path !== '' && <IconButton icon={CornerLeftUp} label={t('harvest.folderUp')} onClick={() => onPath(above)} />}
          <FolderOpen aria-hidden size={18} className="ml-1 shrink-0 text-ink-3" />
          <span className="min-w-0 flex-1 text-m break-words [overflow-wrap:anywhere]" aria-live="polite" aria-invalid={wrong ? true : undefined} tabIndex={-1}>
            {path || t('harvest.noFolder')}
          </span>
        </div>
        <ul className="m-0 flex max-h-60 list-none flex-col overflow-auto p-1" aria-label={t('harvest.folders')}>
          {shown.data?.map((folder) => (
            <li key={folder.path}>
              <button type="button" className="flex min-h-9 w-full min-w-0 items-center gap-2 rounded-m px-2 text-left text-m hover:bg-raised" onClick={() => onPath(folder.path)}>
                <Folder aria-hidden size={16} className="shrink-0 text-ink-3" />
                <span className="min-w-0 flex-1 clip">{path === '' ? folder.path : folder.name}</span>
                {folder.videos > 0 && <span className="figures shrink-0 text-s text-ink-3">{t('harvest.videoCount', { count: folder.videos })}</span>}
              </button>
            </li>
          ))}
          {shown.isPending && <li className="px-2 py-2 text-s text-ink-3">{t('ui.loading')}</li>}
          {shown.data?.length === 0 && <li className="px-2 py-2 text-s text-ink-3">{t(path === '' ? 'harvest.noFolders' : 'harvest.noFoldersInside')}</li>}
          {shown.error && path !== '' && (
            <li className="p-1">
              <Button onClick={() => onPath('')}>{t('harvest.allFolders')}</Button>
            </li>
          )}
        </ul>
      </div>
      <p role={wrong ? 'alert' : undefined} className={`m-0 text-s ${wrong ? 'text-alarm' : 'text-ink-3'}`}>
        {wrong ?? t('harvest.folderHint')}
      </p>
    </div>
  );
}
