import { maskedAreas, type Camera } from '@argus/contracts';
import { ChevronDown, Download, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useCan } from '../../app/account.js';
import { client } from '../../app/client.js';
import { formatClock, formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { ExportAction, type ExportRange } from './export-action.js';
import { ProtectAction } from './protect-action.js';
import type { Selection } from './use-ruler-gestures.js';

interface SelectionBarProps {
  readonly cameras: readonly Camera[];
  readonly selection: Selection;
  readonly timeZone: string;
  readonly onExport: (range: ExportRange) => void;
  readonly onClear: () => void;
}

/** The gateway sends no longer film, and none that is so long where it burns masks in. */
const LONGEST_MS = 6 * 3_600_000;
const LONGEST_MASKED_MS = 120_000;
/** As long as a hold may be. */
const LONGEST_HOLD_MS = 31 * 86_400_000;
const LOOK = 'inline-flex min-h-9 shrink-0 items-center gap-2 rounded-m border border-line-strong bg-surface px-3 text-m font-medium text-ink no-underline hover:bg-raised';

/** What can be done with the range that is selected. */
export function SelectionBar({ cameras, selection: { fromMs, toMs }, timeZone, onExport, onClear }: SelectionBarProps) {
  const { t, locale } = useI18n();
  const clock = (ms: number) => formatClock(new Date(ms).toISOString(), timeZone, locale);
  const can = useCan();
  const tooLong = toMs !== null && toMs - fromMs > LONGEST_MS;
  const isMasked = (camera: Camera) => !can('recording.original') && maskedAreas(camera).length > 0;
  const clips = toMs === null || tooLong ? [] : cameras.filter((camera) => toMs - fromMs <= LONGEST_MASKED_MS || !isMasked(camera));
  const note = toMs === null ? 'timeline.markEnd' : tooLong ? 'timeline.tooLong' : clips.length === 0 ? 'timeline.tooLongMasked' : null;
  return (
    <div role="group" aria-label={t('timeline.selection')} className="absolute inset-x-2 bottom-2 z-20 mx-auto flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-m border border-line-strong bg-surface py-1 pr-1 pl-3 shadow-over">
      <span className="figures text-m">
        {toMs === null ? t('timeline.from', { from: clock(fromMs) }) : `${clock(fromMs)} – ${clock(toMs)}`}
        {toMs !== null && <span className="ml-2 text-s text-ink-2">{formatSpan(toMs - fromMs, locale)}</span>}
      </span>
      {note && <span className="text-s text-ink-2">{t(note)}</span>}
      <span className="ml-auto flex flex-wrap items-center gap-1 max-sm:order-2 max-sm:ml-0 max-sm:w-full max-sm:pb-1">
        {toMs !== null && clips.length > 0 && <Clips cameras={clips} fromMs={fromMs} toMs={toMs} />}
        {toMs !== null && toMs - fromMs <= LONGEST_HOLD_MS && <ProtectAction cameras={cameras} range={{ fromMs, toMs }} timeZone={timeZone} />}
        {toMs !== null && <ExportAction cameraIds={cameras.map((camera) => camera.id)} from={new Date(fromMs).toISOString()} to={new Date(toMs).toISOString()} onExport={onExport} />}
      </span>
      <IconButton icon={X} label={t('timeline.clearSelection')} className="-ml-2 max-sm:order-1 max-sm:ml-auto" onClick={onClear} />
    </div>
  );
}

/** The footage as it was recorded, or as it is shown, camera by camera. */
function Clips({ cameras, fromMs, toMs }: { cameras: readonly Camera[]; fromMs: number; toMs: number }) {
  const { t } = useI18n();
  const url = (id: string) => client.url('getFootage', { params: { id }, query: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } });
  const [only, ...others] = cameras;
  if (only && others.length === 0) {
    return (
      <a href={url(only.id)} download className={LOOK}>
        <Download aria-hidden size={16} /> <span className="max-sm:sr-only">{t('timeline.download')}</span>
      </a>
    );
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={LOOK}>
        <Download aria-hidden size={16} /> <span className="max-sm:sr-only">{t('timeline.download')}</span> <ChevronDown aria-hidden size={16} className="text-ink-3" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-50 flex max-h-80 w-60 flex-col overflow-auto rounded-m border border-line bg-surface p-1 shadow-over">
          {cameras.map((camera) => (
            <DropdownMenu.Item key={camera.id} asChild className="flex min-h-9 cursor-pointer items-center rounded-s px-2 text-m text-ink no-underline outline-none data-highlighted:bg-raised">
              <a href={url(camera.id)} download>
                <span className="clip">{camera.name}</span>
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
