import type { Camera } from '@argus/contracts';
import { ChevronDown, Search, Video } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { CONTROL } from '../../ui/field.js';
import { MOST_CAMERAS } from './timeline-address.js';

interface CameraChoiceProps {
  readonly cameras: readonly Camera[];
  readonly chosen: readonly string[];
  readonly onChosen: (cameraIds: string[]) => void;
}

/** Up to sixteen cameras, found by name or tag; a tag chooses all of its cameras. */
export function CameraChoice({ cameras, chosen, onChosen }: CameraChoiceProps) {
  const { t } = useI18n();
  const names = cameras.filter((camera) => chosen.includes(camera.id)).map((camera) => camera.name);
  return (
    <Popover.Root>
      <Popover.Trigger data-search aria-label={t('timeline.chooseNow', { names: names.join(', ') })} className="inline-flex min-h-9 min-w-0 max-w-60 items-center gap-2 rounded-m border border-line-strong bg-surface px-3 text-m font-medium text-ink hover:bg-raised">
        <Video aria-hidden size={16} className="shrink-0" />
        <span className="figures sm:hidden">{names.length}</span>
        <span className="clip max-sm:hidden">{names.length === 0 ? t('timeline.choose') : names.length === 1 ? names[0] : t('timeline.cameras', { count: names.length })}</span>
        <ChevronDown aria-hidden size={16} className="shrink-0 text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={4} collisionPadding={8} aria-label={t('timeline.choose')} className="z-40 flex max-h-[min(480px,var(--radix-popover-content-available-height))] w-80 max-w-[calc(100vw-16px)] flex-col rounded-m border border-line bg-surface shadow-over">
          <CameraList cameras={cameras} chosen={chosen} onChosen={onChosen} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function CameraList({ cameras, chosen, onChosen }: CameraChoiceProps) {
  const { t } = useI18n();
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = cameras.filter((camera) => [camera.name, ...camera.tags].some((text) => text.toLowerCase().includes(wanted)));
  const full = chosen.length >= MOST_CAMERAS;
  const toggle = (id: string, on: boolean) => onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <>
      <label className="relative block p-2">
        <Search aria-hidden size={16} className="absolute top-4.5 left-4 text-ink-3" />
        <input type="search" aria-label={t('live.search')} placeholder={t('live.search')} value={words} onChange={(event) => setWords(event.target.value)} className={`${CONTROL} pl-8`} />
      </label>
      <Tags cameras={cameras} onChosen={onChosen} />
      <ul className="m-0 min-h-0 list-none overflow-auto border-t border-line p-1">
        {found.map((camera) => (
          <li key={camera.id}>
            <label className="flex min-h-9 items-center gap-2 rounded-s px-2 text-m hover:bg-raised">
              <input type="checkbox" className="size-4 shrink-0 accent-accent-fill" checked={chosen.includes(camera.id)} disabled={full && !chosen.includes(camera.id)} onChange={(event) => toggle(camera.id, event.target.checked)} />
              <span className="min-w-0 flex-1 clip">{camera.name}</span>
              {camera.recording.mode === 'off' && <span className="text-s whitespace-nowrap text-ink-3">{t('timeline.recordsNot')}</span>}
            </label>
          </li>
        ))}
        {found.length === 0 && <li className="p-3 text-s text-ink-2">{t('live.nothingFound', { words })}</li>}
      </ul>
      <p className="m-0 flex items-center justify-between border-t border-line px-3 py-2 text-s text-ink-3">
        {t('timeline.chosenOf', { count: chosen.length, most: MOST_CAMERAS })}
      </p>
    </>
  );
}

function Tags({ cameras, onChosen }: Pick<CameraChoiceProps, 'cameras' | 'onChosen'>) {
  const { t } = useI18n();
  const tags = [...new Set(cameras.flatMap((camera) => camera.tags))].sort((a, b) => a.localeCompare(b));
  if (tags.length === 0) return null;
  return (
    <div role="group" aria-label={t('timeline.groups')} className="flex max-h-20 flex-wrap gap-1 overflow-auto px-2 pb-2">
      {tags.map((tag) => {
        const ids = cameras.filter((camera) => camera.tags.includes(tag)).map((camera) => camera.id);
        return (
          <button key={tag} type="button" onClick={() => onChosen(ids.slice(0, MOST_CAMERAS))} className="figures flex min-h-7 items-center gap-1 rounded-full bg-raised px-2 text-s text-ink-2 hover:text-ink">
            {tag} <span className="text-ink-3">{Math.min(ids.length, MOST_CAMERAS)}</span>
          </button>
        );
      })}
    </div>
  );
}
