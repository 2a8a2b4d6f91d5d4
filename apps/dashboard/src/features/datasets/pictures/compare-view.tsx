import { Maximize, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { formatDateTime } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { useOnTop } from '../../../ui/on-top.js';
import { focusItself, originalOf, stayOpen } from './large-view.js';
import { thumbnailOf } from './picture-tile.js';
import type { SampleList } from './sample-list.js';
import { ZoomPicture } from './zoom-picture.js';
import { WHOLE } from './zoom-view.js';

/** Two to four pictures beside each other, all looked at in the same place. */
export function CompareView({ list, digests, onClose, onClosed }: { list: SampleList; digests: readonly string[]; onClose: () => void; onClosed: (event: Event) => void }) {
  const { t } = useI18n();
  const onTop = useOnTop();
  const [view, setView] = useState(WHOLE);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content {...onTop} aria-describedby={undefined} className="fixed inset-0 z-40 flex flex-col bg-bg outline-none" onOpenAutoFocus={focusItself} onCloseAutoFocus={onClosed} onInteractOutside={stayOpen}>
          <header className="flex min-h-14 shrink-0 items-center gap-3 border-b border-line px-4 py-2">
            <Dialog.Title className="m-0 text-l font-semibold">{t('compare.title')}</Dialog.Title>
            <span className="min-w-0 clip text-s text-ink-3 max-md:hidden">{t('compare.hint')}</span>
            <Button icon={Maximize} className="ml-auto" disabled={view.scale === 1} onClick={() => setView(WHOLE)}>
              {t('compare.reset')}
            </Button>
            <IconButton icon={X} label={t('ui.close')} onClick={onClose} />
          </header>
          <div className={`grid min-h-0 flex-1 gap-1 max-md:grid-cols-1 md:grid-cols-2 ${digests.length === 3 ? 'lg:grid-cols-3' : ''}`}>
            {digests.map((digest) => (
              <Pane key={digest} list={list} digest={digest} view={view} onView={setView} />
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Pane({ list, digest, view, onView }: { list: SampleList; digest: string; view: typeof WHOLE; onView: (view: typeof WHOLE) => void }) {
  const { locale } = useI18n();
  const known = list.summaryOf(digest);
  const at = known?.origin?.wallTime;
  const words = [known?.origin?.group, at && formatDateTime(at, known.origin?.timeZone ?? 'UTC', locale, Date.now())].filter(Boolean).join(' · ') || known?.name || digest.slice(0, 8);
  return (
    <figure className="relative m-0 min-h-0 min-w-0" data-testid="compared">
      <ZoomPicture src={originalOf(list, digest)} thumbnail={thumbnailOf(list.datasetId, digest)} alt={words} width={known?.width ?? 16} height={known?.height ?? 9} view={view} onView={onView} />
      <figcaption className="figures pointer-events-none absolute bottom-2 left-2 max-w-[calc(100%-1rem)] clip rounded-s bg-video-veil px-2 py-px text-s text-video-ink">{words}</figcaption>
    </figure>
  );
}
