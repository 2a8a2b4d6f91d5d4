import type { Camera as CameraNoun } from '@argus/contracts';
import { Camera, Lock, Search } from 'lucide-react';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { useSearchParams } from 'react-router';
import { useAll } from '../../app/calls.js';
import { useCan } from '../../app/account.js';
import { useMayOn } from '../../app/camera-rights.js';
import { useKeys } from '../../app/shortcuts.js';
import { useI18n } from '../../i18n/i18n.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL } from '../../ui/field.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Pager } from '../../ui/pager.js';
import { Skeleton } from '../../ui/skeleton.js';
import { EventStrip } from './event-strip.js';
import { LiveTile } from './live-tile.js';
import { setScreenFull, useScreenLeft } from './screen.js';
import { TILE_COUNTS, fittingTileCount, readTileCount, walkGrid, wallPage, type TileCount } from './wall-layout.js';

const KEY = 'argus.wall';
const COLUMNS: Readonly<Record<TileCount, string>> = { 1: 'grid-cols-1', 4: 'sm:grid-cols-2', 9: 'grid-cols-2 sm:grid-cols-3', 16: 'grid-cols-2 sm:grid-cols-4' };
/** On a phone tiles keep the shape of a picture and scroll; on a desk the wall fills the screen. */
const ROWS: Readonly<Record<TileCount, string>> = { 1: 'sm:grid-rows-1', 4: 'sm:grid-rows-2', 9: 'sm:grid-rows-3', 16: 'sm:grid-rows-4' };

/** The wall: 1, 4, 9 or 16 tiles a page. Tiles, page and the tile in full screen are in the URL. */
export function LivePage() {
  const { t } = useI18n();
  const can = useCan();
  const cameras = useAll('listCameras');
  const [search, setSearch] = useSearchParams();
  const [words, setWords] = useState('');
  const mayOn = useMayOn();
  const matching = useMemo(() => sortForWall(cameras.data ?? [], words), [cameras.data, words]);
  const open = matching.filter((camera) => mayOn('live', camera));
  const closed = matching.filter((camera) => !mayOn('live', camera));
  // Closed cameras would only take room; who looks for one by name learns why.
  const found = words.trim() ? [...open, ...closed] : open;
  const tiles = readTileCount(search.get('tiles')) ?? readTileCount(localStorage.getItem(KEY)) ?? fittingTileCount(found.length);
  const wall = wallPage(found, tiles, Number(search.get('page') ?? 1));
  const full = matching.find((camera) => camera.id === search.get('camera'));
  const change = (entries: Record<string, string | null>) =>
    setSearch((old) => {
      const next = new URLSearchParams(old);
      for (const [key, value] of Object.entries(entries)) if (value === null) next.delete(key);
        else next.set(key, value);
      return next;
    });
  const leaveFull = () => change({ camera: null });
  const toggleFull = (camera: CameraNoun) => {
    change({ camera: full ? null : camera.id });
    setScreenFull(!full);
  };
  useKeys({ Escape: () => full && leaveFull() });
  useScreenLeft(() => full && leaveFull());

  return (
    <Page
      title={t('nav.live')}
      action={
        <>
          <label className="relative hidden sm:block">
            <Search aria-hidden size={16} className="absolute top-2.5 left-2 text-ink-3" />
            <input data-search type="search" aria-label={t('live.search')} placeholder={t('live.search')} value={words} onChange={(event) => setWords(event.target.value)} className={`${CONTROL} pl-8`} />
          </label>
          {closed.length > 0 && open.length > 0 && !words.trim() && <ClosedCount count={closed.length} />}
          <TileChoice value={tiles} onChoose={(count) => (localStorage.setItem(KEY, String(count)), change({ tiles: String(count), page: null, camera: null }))} />
          {wall.pages > 1 && <Pager page={wall.page} pages={wall.pages} onPage={(page) => change({ page: String(page) })} />}
        </>
      }
      panel={can('event.read') && <EventStrip />}
    >
      {cameras.isPending && <Skeleton rows={2} className="aspect-video" />}
      {cameras.isError && <ErrorNotice error={cameras.error} onRetry={() => void cameras.refetch()} />}
      {cameras.data?.length === 0 && (
        <EmptyState icon={Camera} title={t('live.empty')} action={can('camera.write') && <LinkButton to="/cameras/new">{t('cameras.add')}</LinkButton>}>
          {t('live.emptyWhy')}
        </EmptyState>
      )}
      {cameras.data && cameras.data.length > 0 && matching.length === 0 && <EmptyState icon={Search} title={t('live.nothingFound', { words })} />}
      {closed.length > 0 && found.length === 0 && (
        <EmptyState icon={Lock} title={t('live.allClosed')}>
          {t('live.allClosedWhy')}
        </EmptyState>
      )}
      {full ? (
        <div className="fixed inset-0 z-40 grid bg-video">
          <LiveTile key={full.id} camera={full} full large onToggleFull={() => toggleFull(full)} />
        </div>
      ) : wall.items.length > 0 && (
        <div className={`grid gap-px bg-line max-sm:auto-rows-auto max-sm:[&>*]:aspect-video sm:h-full ${COLUMNS[tiles]} ${ROWS[tiles]}`}>
          {wall.items.map((camera, index) => (
            <LiveTile key={camera.id} camera={camera} full={false} large={tiles === 1} onToggleFull={() => toggleFull(camera)} onKeyDown={(event) => onTileKey(event, index, wall.items.length, Math.sqrt(tiles), () => toggleFull(camera))} />
          ))}
        </div>
      )}
    </Page>
  );
}

/** That something is missing is said, quietly. */
function ClosedCount({ count }: { count: number }) {
  const { t } = useI18n();
  return (
    <span title={t('live.closedWhy')} className="flex items-center gap-1 text-s whitespace-nowrap text-ink-3">
      <Lock aria-hidden size={14} />
      <span className="max-sm:sr-only">{t('live.closed', { count })}</span>
      <span aria-hidden className="figures sm:hidden">{count}</span>
    </span>
  );
}

function TileChoice({ value, onChoose }: { value: TileCount; onChoose: (count: TileCount) => void }) {
  const { t } = useI18n();
  return (
    <div role="group" aria-label={t('live.tiles')} className="flex rounded-m border border-line-strong">
      {TILE_COUNTS.map((count) => (
        <button key={count} type="button" aria-pressed={count === value} aria-label={t('live.tilesOf', { count })} onClick={() => onChoose(count)} className={`figures min-h-9 min-w-9 rounded-m px-2 text-m ${count === value ? 'bg-accent-soft font-semibold' : 'text-ink-2 hover:bg-raised'}`}>
          {count}
        </button>
      ))}
    </div>
  );
}

/** Enabled cameras first, then by name; words look in name and tags. */
function sortForWall(cameras: readonly CameraNoun[], words: string): CameraNoun[] {
  const wanted = words.trim().toLowerCase();
  const matches = (camera: CameraNoun) => !wanted || [camera.name, ...camera.tags].some((text) => text.toLowerCase().includes(wanted));
  return cameras.filter(matches).sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function onTileKey(event: KeyboardEvent<HTMLElement>, index: number, count: number, columns: number, toggle: () => void): void {
  if (event.target !== event.currentTarget) return;
  if (event.key === 'Enter' || event.key === 'f') {
    event.preventDefault();
    return toggle();
  }
  const next = walkGrid(index, event.key, count, columns);
  if (next === index) return;
  event.preventDefault();
  event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-tile]')[next]?.focus();
}
