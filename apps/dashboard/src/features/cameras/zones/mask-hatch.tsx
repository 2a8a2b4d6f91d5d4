import { isOn, type DrawnZone } from './drawn-zone.js';

/** What a mask covers, hatched: solid as in the pictures that leave, and to be seen through while its corners are moved. Off: an outline only. */
export function MaskHatch({ mask, selected, faint }: { mask: DrawnZone; selected: boolean; faint: boolean }) {
  if (!isOn(mask)) return null;
  const corners = mask.points.map(({ x, y }) => `${x * 100}% ${y * 100}%`).join(', ');
  return <div aria-hidden className={`mask-hatch pointer-events-none absolute inset-0 ${selected ? 'opacity-60' : faint ? 'opacity-80' : ''}`} style={{ clipPath: `polygon(nonzero, ${corners})` }} />;
}
