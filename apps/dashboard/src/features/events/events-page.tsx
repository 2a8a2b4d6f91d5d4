import { ArrowUp, Bell, SearchX } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useCamerasById } from '../../app/cameras.js';
import { useKeys } from '../../app/shortcuts.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { walkGrid } from '../live/wall-layout.js';
import { useEventFeed } from './event-feed.js';
import { isFiltered, readFilter, type EventFilter } from './event-filter.js';
import { EventFilters } from './event-filters.js';
import { EventList } from './event-list.js';
import { EventPanel } from './event-panel.js';
import { useAcknowledge } from './use-acknowledge.js';

/** The feed: filters and the open event are in the URL, arrows walk the cards, `a` and `u` mark and unmark. */
export function EventsPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  const scrolled = useRef(false);
  const { query, items, held, release } = useEventFeed(filter, () => scrolled.current);
  const cameras = useCamerasById();
  const acknowledge = useAcknowledge();
  const [columns, setColumns] = useState(1);
  const go = useCallback((to: string | null) => void navigate({ pathname: to ? `/events/${to}` : '/events', search: search.toString() }, { replace: id !== undefined && to !== null }), [navigate, search, id]);
  const close = useCallback(() => go(null), [go]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const onScrolled = useCallback((down: boolean) => {
    scrolled.current = down;
  }, []);

  const selected = items.findIndex((item) => item.id === id);
  const walk = (event: KeyboardEvent) => {
    const next = items[selected < 0 ? 0 : walkGrid(selected, event.key, items.length, columns)];
    event.preventDefault();
    if (next) go(next.id);
  };
  const mark = (seen: boolean) => {
    const event = items[selected];
    if (event && (event.acknowledgedAt !== null) !== seen) acknowledge?.set(event, seen);
  };
  useKeys({ ArrowUp: walk, ArrowDown: walk, ArrowLeft: walk, ArrowRight: walk, a: () => mark(true), u: () => mark(false) });

  const change = (entries: Partial<Record<keyof EventFilter, string | null>>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [key, value] of Object.entries(entries)) if (value) next.set(key, value);
          else next.delete(key);
        return next;
      },
      { replace: true },
    );
  const labels = useMemo(() => [...new Set(items.flatMap((item) => item.label ?? []))], [items]);

  return (
    <Page title={t('nav.events')} panel={id && <EventPanel key={id} id={id} onClose={close} onOpen={go} />}>
      <div className="flex h-full flex-col">
        <EventFilters filter={filter} labels={labels} onChange={change} />
        {held.length > 0 && (
          <div className="border-b border-line p-2 text-center">
            <Button icon={ArrowUp} onClick={release}>
              {t('events.held', { count: held.length })}
            </Button>
          </div>
        )}
        {query.isPending && <Skeleton className="h-24" />}
        {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && items.length === 0 && <NoEvents filtered={isFiltered(filter)} />}
        {items.length > 0 && (
          <div className="min-h-0 flex-1">
            <EventList items={items} cameras={cameras} selectedId={id} onOpen={(event) => go(event.id)} onColumns={setColumns} onNearEnd={onNearEnd} onScrolled={onScrolled} loadingMore={isFetchingNextPage} />
          </div>
        )}
      </div>
    </Page>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  const { t } = useI18n();
  const can = useCan();
  if (filtered) return <EmptyState icon={SearchX} title={t('events.noMatch')}>{t('events.noMatchWhy')}</EmptyState>;
  return (
    <EmptyState icon={Bell} title={t('events.empty')} action={can('rule.write') && <LinkButton to="/rules/new">{t('rules.add')}</LinkButton>}>
      {t('events.emptyWhy')}
    </EmptyState>
  );
}
