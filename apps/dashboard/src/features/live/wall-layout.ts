export const TILE_COUNTS = [1, 4, 9, 16] as const;
export type TileCount = (typeof TILE_COUNTS)[number];

/** The smallest wall that shows all cameras, sixteen at most. */
export const fittingTileCount = (cameras: number): TileCount => TILE_COUNTS.find((count) => count >= cameras) ?? 16;

export const readTileCount = (text: string | null): TileCount | null => TILE_COUNTS.find((count) => String(count) === text) ?? null;

/** The items of one page of the wall; a page beyond the end is the last one. */
export function wallPage<T>(items: readonly T[], tiles: TileCount, wanted: number): { page: number; pages: number; items: readonly T[] } {
  const pages = Math.max(1, Math.ceil(items.length / tiles));
  const page = Math.min(Math.max(1, Math.floor(wanted) || 1), pages);
  return { page, pages, items: items.slice((page - 1) * tiles, page * tiles) };
}

/** Where an arrow key leads on a grid; stays where there is nothing in that direction. */
export function walkGrid(index: number, key: string, count: number, columns: number): number {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const next = index + step;
  return next >= 0 && next < count ? next : index;
}
