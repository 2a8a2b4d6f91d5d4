import { useState, type Dispatch } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { Section } from '../../../ui/page.js';
import type { Layer } from './drawn-zone.js';
import { ZoneEditor } from './zone-editor.js';
import type { ZoneAction, ZoneEdit } from './zone-reducer.js';

interface LayerState {
  readonly edit: ZoneEdit;
  readonly dispatch: Dispatch<ZoneAction>;
  readonly error: string | undefined;
}

interface PictureEditorProps {
  /** null: there is none yet. */
  readonly picture: string | null;
  /** False: whoever looks has no right to live pictures of it. */
  readonly mayWatch: boolean;
  readonly zones: LayerState;
  readonly masks: LayerState;
  readonly readOnly: boolean;
}

/** The camera's picture with two layers to draw on, one at a time: what rules look at, and what nobody is to see. */
export function PictureEditor({ picture, mayWatch, zones, masks, readOnly }: PictureEditorProps) {
  const { t } = useI18n();
  const [layer, setLayer] = useState<Layer>('zones');
  const layers = { zones, masks };
  const other = layer === 'zones' ? masks : zones;
  const text: Record<Layer, string> = { zones: t('zones.title'), masks: t('masks.title') };
  const choose = (next: Layer) => {
    layers[layer].dispatch({ type: 'cancel' });
    setLayer(next);
  };
  return (
    <Section
      title={t('cameras.picture')}
      action={
        <div role="group" aria-label={t('cameras.pictureLayers')} className="flex flex-wrap gap-1">
          {(['zones', 'masks'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={name === layer} onClick={() => choose(name)} className="flex min-h-9 items-center gap-2 rounded-m px-3 text-m whitespace-nowrap text-ink-2 hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:text-ink">
              {text[name]}
              {layers[name].edit.zones.length > 0 && <span className="figures text-s text-ink-3">{layers[name].edit.zones.length}</span>}
              {layers[name].error && <span className="size-2 rounded-full bg-alarm" role="img" aria-label={layers[name].error} />}
            </button>
          ))}
        </div>
      }
    >
      {layer === 'masks' && <p className="m-0 max-w-180 text-s text-ink-2">{t('masks.what')}</p>}
      {picture ? (
        <ZoneEditor key={layer} layer={layer} picture={picture} edit={layers[layer].edit} dispatch={layers[layer].dispatch} below={other.edit.zones} readOnly={readOnly} error={layers[layer].error} />
      ) : (
        <p className="m-0 text-ink-2">{t(!mayWatch ? 'zones.mayNotWatch' : layer === 'zones' ? 'zones.needPicture' : 'masks.needPicture')}</p>
      )}
    </Section>
  );
}
