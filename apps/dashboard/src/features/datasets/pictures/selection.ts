/** Which pictures are chosen, by digest, so that a choice outlives a change of the list. `anchor` and `focus` are places in the list. */
export interface Selection {
  readonly picked: ReadonlySet<string>;
  /** From where Shift extends. */
  readonly anchor: number;
  readonly focus: number;
}

export const NOTHING_PICKED: Selection = { picked: new Set(), anchor: 0, focus: 0 };

/** A click: this one alone. */
export const pickOnly = (order: readonly string[], index: number): Selection => ({ picked: new Set(order.slice(index, index + 1)), anchor: index, focus: index });

/** Ctrl and click, or Space: this one in or out, the others stay. */
export function toggle({ picked }: Selection, order: readonly string[], index: number): Selection {
  const digest = order[index];
  const next = new Set(picked);
  if (digest !== undefined && !next.delete(digest)) next.add(digest);
  return { picked: next, anchor: index, focus: index };
}

/** Shift: from the anchor to here, instead of what was chosen; with `keep` (Ctrl, too) beside it. */
export function extendTo({ picked, anchor }: Selection, order: readonly string[], index: number, keep = false): Selection {
  const from = Math.min(anchor, Math.max(0, order.length - 1));
  const stretch = order.slice(Math.min(from, index), Math.max(from, index) + 1);
  return { picked: new Set(keep ? [...picked, ...stretch] : stretch), anchor: from, focus: index };
}

export const pickAll = (selection: Selection, order: readonly string[]): Selection => ({ ...selection, picked: new Set(order) });

/** Ctrl and arrows: only the place moves. */
export const moveTo = (selection: Selection, index: number): Selection => ({ ...selection, anchor: index, focus: index });

/** What a dragged rectangle touches, beside what was chosen when the drag began. */
export function sweep(base: Selection, order: readonly string[], stretches: readonly (readonly [from: number, to: number])[]): Selection {
  const picked = new Set(base.picked);
  for (const [from, to] of stretches) for (let index = from; index < to; index += 1) picked.add(order[index] as string);
  const last = stretches.at(-1);
  return last ? { picked, anchor: stretches[0]?.[0] ?? 0, focus: last[1] - 1 } : { ...base, picked };
}

/** The chosen ones in the order of the list; those that are not in it any more are left out. */
export const inOrder = ({ picked }: Selection, order: readonly string[]): string[] => (picked.size === 0 ? [] : order.filter((digest) => picked.has(digest)));
