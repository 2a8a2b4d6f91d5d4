import { MAX_PRIVACY_MASKS } from '@argus/contracts';
import { EyeOff, Minus, Pentagon, Repeat2, Trash2, Undo2 } from 'lucide-react';
import type { Dispatch, MouseEvent } from 'react';
import { useKeys } from '../../../app/shortcuts.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { isOn, type DrawnZone, type Layer } from './drawn-zone.js';
import { CONTROL, SwitchField } from '../../../ui/field.js';
import { ZoneCanvas } from './zone-canvas.js';
import { crossesItself } from './zone-geometry.js';
import { freeName, type ZoneAction, type ZoneEdit } from './zone-reducer.js';

interface ZoneEditorProps {
  readonly picture: string | null;
  readonly edit: ZoneEdit;
  readonly dispatch: Dispatch<ZoneAction>;
  /** Zones and lines, or masks: these are areas only, and can be switched off. */
  readonly layer: Layer;
  readonly below: readonly DrawnZone[];
  readonly readOnly: boolean;
  readonly error?: string | undefined;
}

/** Areas, lines or masks on the camera's picture: tools above, picture, list below. */
export function ZoneEditor({ picture, edit, dispatch, layer, below, readOnly, error }: ZoneEditorProps) {
  const { t } = useI18n();
  const drawing = edit.drawing;
  const isMasks = layer === 'masks';
  const isFull = isMasks && edit.zones.length >= MAX_PRIVACY_MASKS;
  const nameFor = (kind: 'area' | 'line') => freeName(edit.zones, t(isMasks ? 'masks.mask' : `zones.${kind}`));
  // A click without a pointer comes from the keyboard: there is nothing to point with, so a shape is put in the middle.
  const draw = (kind: 'area' | 'line') => (event: MouseEvent) => dispatch(event.detail === 0 ? { type: 'add-shape', kind, name: nameFor(kind) } : { type: 'draw', kind });
  const finish = () => drawing && dispatch({ type: 'finish', name: nameFor(drawing.kind) });
  useKeys({ Escape: () => dispatch({ type: 'cancel' }), Enter: () => finish(), '$mod+z': () => dispatch({ type: 'undo' }) });
  return (
    <div className="flex flex-col gap-3">
      {!readOnly && (
        <div role="toolbar" aria-label={t('zones.tools')} className="flex flex-wrap items-center gap-2">
          <Button icon={isMasks ? EyeOff : Pentagon} aria-pressed={drawing?.kind === 'area'} disabled={isFull} title={isFull ? t('masks.most', { count: MAX_PRIVACY_MASKS }) : undefined} className="aria-pressed:bg-accent-soft" onClick={draw('area')}>
            {t(isMasks ? 'masks.draw' : 'zones.drawArea')}
          </Button>
          {!isMasks && (
            <Button icon={Minus} aria-pressed={drawing?.kind === 'line'} className="aria-pressed:bg-accent-soft" onClick={draw('line')}>
              {t('zones.drawLine')}
            </Button>
          )}
          {drawing?.kind === 'area' && (
            <Button tone="primary" disabled={drawing.points.length < 3} onClick={finish}>
              {t(isMasks ? 'masks.finish' : 'zones.finish')}
            </Button>
          )}
          {drawing && <Button onClick={() => dispatch({ type: 'cancel' })}>{t('ui.cancel')}</Button>}
          <IconButton icon={Undo2} label={t('ui.undo')} disabled={edit.past.length === 0 && !drawing} onClick={() => dispatch({ type: 'undo' })} />
          <span className="text-s text-ink-3" aria-live="polite">
            {drawing ? t(drawing.kind === 'area' ? 'zones.howArea' : 'zones.howLine') : edit.selected !== null ? t('zones.howEdit') : ''}
          </span>
        </div>
      )}
      <ZoneCanvas picture={picture} edit={edit} dispatch={dispatch} layer={layer} below={below} readOnly={readOnly} />
      {error && (
        <p role="alert" className="m-0 text-s text-alarm">
          {error}
        </p>
      )}
      {edit.zones.length === 0 && !drawing && <p className="m-0 text-s text-ink-3">{t(isMasks ? 'masks.none' : 'zones.none')}</p>}
      <ul className="m-0 flex list-none flex-col gap-1 p-0" aria-label={t(isMasks ? 'masks.list' : 'zones.list')}>
        {edit.zones.map((zone, index) => (
          <li key={index} className={`flex flex-wrap items-center gap-2 rounded-m px-2 py-1 ${index === edit.selected ? 'bg-accent-soft' : 'bg-raised'}`}>
            {isMasks ? <EyeOff aria-hidden size={16} className={`shrink-0 ${isOn(zone) ? 'text-ink-2' : 'text-ink-3 opacity-50'}`} /> : zone.kind === 'area' ? <Pentagon aria-hidden size={16} className="shrink-0 text-ink-3" /> : <Minus aria-hidden size={16} className="shrink-0 text-ink-3" />}
            <input
              aria-label={isMasks ? t('masks.name') : t('zones.name', { kind: t(`zones.${zone.kind}`) })}
              className={`${CONTROL} w-48 min-w-0 flex-1`}
              value={zone.name}
              disabled={readOnly}
              onFocus={() => dispatch({ type: 'select', zone: index })}
              onChange={(event) => dispatch({ type: 'rename', zone: index, name: event.target.value, first: false })}
            />
            {zone.kind === 'line' && !readOnly && <IconButton icon={Repeat2} label={t('zones.flip')} onClick={() => dispatch({ type: 'flip', zone: index })} />}
            {isMasks && <SwitchField label={t('masks.on')} checked={isOn(zone)} disabled={readOnly} onChecked={() => dispatch({ type: 'toggle', zone: index })} />}
            {!readOnly && <IconButton icon={Trash2} label={t('ui.remove', { name: zone.name })} onClick={() => dispatch({ type: 'remove', zone: index })} />}
            {zone.kind === 'line' && index === edit.selected && <span className="w-full text-s text-ink-3">{t('zones.lineDirections')}</span>}
            {zone.kind === 'area' && crossesItself(zone.points) && <span className="w-full text-s text-caution">{t(isMasks ? 'masks.crosses' : 'zones.crosses')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
