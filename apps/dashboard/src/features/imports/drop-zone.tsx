import { FilePlus, FolderOpen, Upload } from 'lucide-react';
import { useRef } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { chosenFiles, type PickedFile } from './picked-files.js';

/** Where files are chosen. Dropped they may be anywhere on the page, which hears it. */
export function DropZone({ onFiles }: { onFiles: (files: readonly PickedFile[]) => void }) {
  const { t } = useI18n();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <div className="flex flex-col items-center gap-3 rounded-m border border-dashed border-line-strong px-4 py-8 text-center">
      <Upload aria-hidden size={28} className="text-ink-3" />
      <p className="m-0 font-medium">{t('imports.drop')}</p>
      <p className="m-0 text-s text-ink-3">{t('imports.accepts')}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button icon={FilePlus} onClick={() => files.current?.click()}>
          {t('imports.chooseFile')}
        </Button>
        <Button icon={FolderOpen} onClick={() => folder.current?.click()}>
          {t('imports.chooseFolder')}
        </Button>
      </div>
      <input ref={files} data-testid="import-files" type="file" multiple hidden accept=".zip,.tar,.tgz,.gz,.imgdataset,.jpg,.jpeg,.png,.webp,.bmp" onChange={(event) => event.target.files && onFiles(chosenFiles(event.target.files))} />
      <input ref={folder} data-testid="import-folder" type="file" multiple hidden {...{ webkitdirectory: '' }} onChange={(event) => event.target.files && onFiles(chosenFiles(event.target.files))} />
    </div>
  );
}
