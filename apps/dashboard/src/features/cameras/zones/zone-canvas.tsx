import type { PointNormalized } from '@argus/contracts';
import { useRef, useState, type Dispatch, type MouseEvent, type PointerEvent } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { isOn, type DrawnZone, type Layer } from './drawn-zone.js';
import { MaskHatch } from './mask-hatch.js';
import { leftToRightArrow } from './zone-geometry.js';
import { ZoneHandle } from './zone-handle.js';
import { freeName, type ZoneAction, type ZoneEdit } from './zone-reducer.js';

interface ZoneCanvasProps {
  readonly picture: string | null;
  readonly edit: ZoneEdit;
  readonly dispatch: Dispatch<ZoneAction>;
  /** What is drawn, and what of the other layer is seen below it. */
  readonly layer: Layer;
  readonly below: readonly DrawnZone[];
  readonly readOnly: boolean;
}

const points = (list: readonly PointNormalized[]) => list.map((point) => `${point.x},${point.y}`).join(' ');

/** The camera's picture with its zones; click to draw, drag handles to change. */
export function ZoneCanvas({ picture, edit, dispatch, layer, below, readOnly }: ZoneCanvasProps) {
  const { t } = useI18n();
  const area = useRef<HTMLDivElement>(null);
  const [aspect, setAspect] = useState(16 / 9);
  const [pointer, setPointer] = useState<PointNormalized | null>(null);
  const drawing = edit.drawing;
  const name = drawing ? freeName(edit.zones, t(layer === 'masks' ? 'masks.mask' : `zones.${drawing.kind}`)) : '';
  const pointOf = (event: MouseEvent | PointerEvent): PointNormalized => {
    const box = area.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const onClick = (event: MouseEvent) => {
    if (!drawing) return dispatch({ type: 'select', zone: null });
    if (event.detail > 1) return dispatch({ type: 'finish', name });
    dispatch({ type: 'add-point', point: pointOf(event), name });
  };
  const selected = edit.selected === null ? undefined : edit.zones[edit.selected];
  return (
    <div
      ref={area}
      role="application"
      aria-label={t(layer === 'masks' ? 'masks.picture' : 'zones.picture')}
      onClick={onClick}
      onPointerMove={(event) => drawing && setPointer(pointOf(event))}
      className={`relative w-full overflow-hidden rounded-m bg-video select-none ${drawing ? 'cursor-crosshair touch-none' : ''}`}
      style={{ aspectRatio: aspect }}
    >
      {picture && <img src={picture} alt="" draggable={false} onLoad={(event) => setAspect(event.currentTarget.naturalWidth / event.currentTarget.naturalHeight || 16 / 9)} className="absolute inset-0 size-full" />}
      {layer === 'zones' && below.map((mask, index) => <MaskHatch key={index} mask={mask} selected={false} faint />)}
      {layer === 'masks' && edit.zones.map((mask, index) => <MaskHatch key={index} mask={mask} selected={index === edit.selected} faint={false} />)}
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" className="absolute inset-0 size-full">
        {layer === 'masks' && below.map((zone, index) => <polyline key={`b${index}`} points={points(zone.kind === 'area' ? [...zone.points, ...zone.points.slice(0, 1)] : zone.points)} fill="none" stroke="var(--label-1)" strokeOpacity={0.5} strokeWidth={1} strokeDasharray="2 3" vectorEffect="non-scaling-stroke" />)}
        {edit.zones.map((zone, index) => (
          <ZoneShape key={index} zone={zone} layer={layer} selected={index === edit.selected} aspect={aspect} onSelect={drawing ? undefined : () => dispatch({ type: 'select', zone: index })} />
        ))}
        {drawing && <polyline points={points(pointer ? [...drawing.points, pointer] : drawing.points)} fill="none" stroke="var(--label-5)" strokeWidth={2} strokeDasharray="5 4" vectorEffect="non-scaling-stroke" />}
      </svg>
      {edit.zones.map((zone, index) => (
        <ZoneName key={index} zone={zone} selected={index === edit.selected} aspect={aspect} isOff={!isOn(zone)} />
      ))}
      {drawing?.points.map((point, index) => (
        <button
          key={index}
          type="button"
          tabIndex={-1}
          aria-label={t('zones.finishHere')}
          onClick={(event) => {
            event.stopPropagation();
            if (index === 0 || event.detail > 1) dispatch({ type: 'finish', name });
          }}
          className="absolute size-4 -translate-1/2 rounded-full border-2 border-video"
          style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%`, background: 'var(--label-5)' }}
        />
      ))}
      {!readOnly && !drawing && selected && edit.selected !== null && <Handles zone={selected} index={edit.selected} pointOf={pointOf} dispatch={dispatch} />}
    </div>
  );
}

function ZoneShape({ zone, layer, selected, aspect, onSelect }: { zone: DrawnZone; layer: Layer; selected: boolean; aspect: number; onSelect?: (() => void) | undefined }) {
  const isMask = layer === 'masks';
  const color = selected ? 'var(--label-5)' : isMask ? 'var(--video-ink)' : 'var(--label-1)';
  const common = {
    stroke: color,
    strokeWidth: selected ? 3 : 2,
    ...(isOn(zone) ? {} : { strokeDasharray: '6 5' }),
    vectorEffect: 'non-scaling-stroke' as const,
    className: onSelect ? 'cursor-pointer' : '',
    onClick: onSelect
      ? (event: MouseEvent) => {
          event.stopPropagation();
          onSelect();
        }
      : undefined,
  };
  if (zone.kind === 'area') return <polygon points={points(zone.points)} fill={color} fillOpacity={isMask ? 0 : selected ? 0.22 : 0.12} {...common} />;
  const [a, b] = zone.points;
  if (!a || !b) return null;
  const arrow = leftToRightArrow(a, b, aspect);
  return (
    <g>
      <polyline points={points(zone.points)} fill="none" {...common} strokeWidth={4} />
      <line x1={arrow.from.x} y1={arrow.from.y} x2={arrow.to.x} y2={arrow.to.y} stroke={color} strokeWidth={2} strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />
    </g>
  );
}

/** The name; for a line also `a` and `b` at its ends and, while it is selected, which side is left and which is right. */
function ZoneName({ zone, selected, aspect, isOff }: { zone: DrawnZone; selected: boolean; aspect: number; isOff: boolean }) {
  const { t } = useI18n();
  const chip = 'pointer-events-none absolute -translate-1/2 rounded-s bg-video-veil px-1 text-s whitespace-nowrap text-video-ink';
  const [a, b] = zone.points;
  const middle = namePlace(zone);
  const arrow = zone.kind === 'line' && selected && a && b ? leftToRightArrow(a, b, aspect) : null;
  return (
    <>
      <span className={`${chip} ${selected ? 'font-semibold' : ''}`} style={{ left: `${middle.x * 100}%`, top: `${middle.y * 100}%` }}>
        {isOff ? t('masks.offName', { name: zone.name }) : zone.name}
      </span>
      {arrow && (
        <>
          <span className={chip} style={{ left: `${arrow.from.x * 100}%`, top: `${arrow.from.y * 100}%` }}>
            {t('direction.left')}
          </span>
          <span className={chip} style={{ left: `${arrow.to.x * 100}%`, top: `${arrow.to.y * 100}%` }}>
            → {t('direction.right')}
          </span>
        </>
      )}
      {zone.kind === 'line' && a && b && (
        <>
          <span className={chip} style={{ left: `${a.x * 100}%`, top: `calc(${a.y * 100}% - 1rem)` }}>a</span>
          <span className={chip} style={{ left: `${b.x * 100}%`, top: `calc(${b.y * 100}% - 1rem)` }}>b</span>
        </>
      )}
    </>
  );
}

/** The middle of an area; for a line a quarter of its way, where its arrow is not. */
function namePlace({ kind, points: all }: DrawnZone): PointNormalized {
  const [a, b] = all;
  if (kind === 'line' && a && b) return { x: a.x + (b.x - a.x) / 4, y: a.y + (b.y - a.y) / 4 };
  return { x: all.reduce((sum, point) => sum + point.x, 0) / all.length, y: all.reduce((sum, point) => sum + point.y, 0) / all.length };
}

interface HandlesProps {
  readonly zone: DrawnZone;
  readonly index: number;
  readonly pointOf: (event: PointerEvent) => PointNormalized;
  readonly dispatch: Dispatch<ZoneAction>;
}

/** One handle per point, and a smaller one in the middle of each edge that makes a new point. */
function Handles({ zone, index, pointOf, dispatch }: HandlesProps) {
  const { t } = useI18n();
  return (
    <>
      {zone.points.map((point, at) => (
        <ZoneHandle
          key={at}
          point={point}
          label={t('zones.point', { number: at + 1, name: zone.name })}
          pointOf={pointOf}
          onMove={(to, first) => dispatch({ type: 'move-point', zone: index, point: at, to, first })}
          onRemove={() => dispatch({ type: 'remove-point', zone: index, point: at })}
        />
      ))}
      {zone.kind === 'area' &&
        zone.points.map((point, at) => {
          const next = zone.points[(at + 1) % zone.points.length] as PointNormalized;
          const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
          return (
            <button
              key={`m${at}`}
              type="button"
              aria-label={t('zones.insert', { number: at + 1 })}
              onClick={(event) => {
                event.stopPropagation();
                dispatch({ type: 'insert-point', zone: index, after: at, at: middle });
              }}
              className="absolute size-3 -translate-1/2 rounded-full border border-video bg-video-ink opacity-70 hover:opacity-100"
              style={{ left: `${middle.x * 100}%`, top: `${middle.y * 100}%` }}
            />
          );
        })}
    </>
  );
}
