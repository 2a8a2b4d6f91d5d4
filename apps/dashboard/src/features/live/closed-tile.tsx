import type { Camera } from '@argus/contracts';
import { Lock, Minimize2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useI18n } from '../../i18n/i18n.js';

interface ClosedTileProps {
  readonly camera: Camera;
  readonly full: boolean;
  readonly onToggleFull: () => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
}

/** In the place of a picture that the account may not watch: its name and why, and no stream. */
export function ClosedTile({ camera, full, onToggleFull, onKeyDown }: ClosedTileProps) {
  const { t } = useI18n();
  return (
    <figure tabIndex={0} data-tile data-testid="closed-tile" aria-label={camera.name} onKeyDown={onKeyDown} className="relative m-0 grid min-h-0 min-w-0 place-content-center justify-items-center gap-1 overflow-hidden bg-video px-4 text-center text-video-ink focus-visible:z-10 focus-visible:-outline-offset-2">
      <Lock aria-hidden size={20} />
      <figcaption className="max-w-full clip text-m font-semibold">{camera.name}</figcaption>
      <p className="m-0 text-s">{t('live.mayNot')}</p>
      {full && (
        <button type="button" aria-label={t('live.leaveFull', { name: camera.name })} title={t('live.leaveFullShort')} onClick={onToggleFull} className="absolute top-1 right-1 grid size-7 place-items-center rounded-s">
          <Minimize2 aria-hidden size={16} />
        </button>
      )}
    </figure>
  );
}
