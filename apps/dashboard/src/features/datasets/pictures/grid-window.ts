/** Pictures of one group, in the order of the list. */
export interface GroupRun {
  readonly name: string;
  /** Index of its first picture in the list. */
  readonly start: number;
  readonly count: number;
}

export interface GridShape {
  readonly columns: number;
  /** With the gap below. */
  readonly rowHeight: number;
  readonly headerHeight: number;
}

export interface GridLayout extends GridShape {
  /** `top`: of the header. */
  readonly groups: readonly (GroupRun & { readonly top: number })[];
  readonly height: number;
}

export type GridRow = { readonly kind: 'header'; readonly group: GroupRun; readonly top: number } | { readonly kind: 'pictures'; readonly top: number; readonly start: number; readonly count: number };

/** Pixels of the content: columns are whole, heights are not. */
export interface Sweep {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly top: number;
  readonly bottom: number;
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

/** Everything has a known place before any picture is asked for, so a list of any length scrolls and jumps at once. */
export function layOut(groups: readonly GroupRun[], shape: GridShape): GridLayout {
  let top = 0;
  const placed = groups.map((group) => {
    const here = { ...group, top };
    top += shape.headerHeight + rowsOf(group, shape) * shape.rowHeight;
    return here;
  });
  return { ...shape, groups: placed, height: top };
}

const rowsOf = ({ count }: GroupRun, { columns }: GridShape): number => Math.ceil(count / columns);

/** Headers and rows that show between two heights. */
export function rowsBetween(layout: GridLayout, top: number, bottom: number): GridRow[] {
  const { columns, rowHeight, headerHeight } = layout;
  const rows: GridRow[] = [];
  for (let at = groupAt(layout, top); at < layout.groups.length; at += 1) {
    const group = layout.groups[at] as GridLayout['groups'][number];
    if (group.top >= bottom) break;
    if (group.top + headerHeight > top) rows.push({ kind: 'header', group, top: group.top });
    const body = group.top + headerHeight;
    const first = Math.max(0, Math.floor((top - body) / rowHeight));
    const last = Math.min(rowsOf(group, layout), Math.ceil((bottom - body) / rowHeight));
    for (let row = first; row < last; row += 1) rows.push({ kind: 'pictures', top: body + row * rowHeight, start: group.start + row * columns, count: Math.min(columns, group.count - row * columns) });
  }
  return rows;
}

/** Of the group that is at a height, or the last one above. */
export function groupAt({ groups }: GridLayout, top: number): number {
  return Math.max(0, lastNotAfter(groups.length, (at) => (groups[at]?.top ?? 0) <= top));
}

/** The greatest index for which `fits` holds, where it holds for all before; -1: for none. */
function lastNotAfter(length: number, fits: (at: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function placeOf(layout: GridLayout, index: number): { readonly top: number; readonly column: number } {
  const group = layout.groups[groupOf(layout, index)];
  if (!group) return { top: 0, column: 0 };
  const within = index - group.start;
  return { top: group.top + layout.headerHeight + Math.floor(within / layout.columns) * layout.rowHeight, column: within % layout.columns };
}

const groupOf = ({ groups }: GridLayout, index: number): number => Math.max(0, lastNotAfter(groups.length, (at) => (groups[at]?.start ?? 0) <= index));

/** The picture at a height in a column; null: a header, or nothing. */
export function indexAt(layout: GridLayout, column: number, y: number): number | null {
  const [row] = rowsBetween(layout, y, y + 1);
  return row?.kind === 'pictures' && column >= 0 && column < row.count ? row.start + column : null;
}

/** Pictures that a rectangle touches, as stretches [from, to). */
export function sweptBy(layout: GridLayout, { fromColumn, toColumn, top, bottom }: Sweep): (readonly [from: number, to: number])[] {
  return rowsBetween(layout, top, bottom).flatMap((row) => {
    if (row.kind === 'header' || fromColumn >= row.count) return [];
    return [[row.start + fromColumn, row.start + Math.min(toColumn + 1, row.count)] as const];
  });
}

/** Where a key leads to: over the borders of groups, and staying in the column where the row is long enough. */
export function stepFrom(layout: GridLayout, index: number, step: Step, pageRows: number): number {
  const last = layout.groups.reduce((end, { start, count }) => Math.max(end, start + count), 0) - 1;
  if (step === 'first') return 0;
  if (step === 'last') return Math.max(0, last);
  if (step === 'left') return Math.max(0, index - 1);
  if (step === 'right') return Math.max(0, Math.min(last, index + 1));
  const down = step === 'down' || step === 'pageDown';
  let at = index;
  for (let rows = step === 'up' || step === 'down' ? 1 : Math.max(1, pageRows); rows > 0; rows -= 1) at = nextRow(layout, at, down);
  return at;
}

function nextRow(layout: GridLayout, index: number, down: boolean): number {
  const at = groupOf(layout, index);
  const group = layout.groups[at];
  if (!group) return 0;
  const row = Math.floor((index - group.start) / layout.columns) + (down ? 1 : -1);
  const column = (index - group.start) % layout.columns;
  if (row >= 0 && row < rowsOf(group, layout)) return Math.min(group.start + row * layout.columns + column, group.start + group.count - 1);
  const next = layout.groups[at + (down ? 1 : -1)];
  if (!next) return index;
  const nextRowAt = down ? 0 : rowsOf(next, layout) - 1;
  return Math.min(next.start + nextRowAt * layout.columns + column, next.start + next.count - 1);
}
