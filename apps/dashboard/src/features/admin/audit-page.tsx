import { useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { DataTable } from '../../ui/data-table.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { When } from '../../ui/when.js';
import { useAdminTabs } from './admin-tabs.js';

/** Who did what, newest first. */
export function AuditPage() {
  const { t } = useI18n();
  const tabs = useAdminTabs();
  const audit = useInfiniteQuery({
    queryKey: ['listAudit', 'pages'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => client.call('listAudit', { query: { limit: 100, cursor: pageParam }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const rows = (audit.data?.pages ?? [])
    .flatMap((page) => page.items)
    .map((entry) => ({
      key: entry.id,
      cells: [
        <When key="at" at={entry.at} zone={zone} />,
        entry.actor,
        <code key="action" className="font-mono text-s">
          {entry.action}
        </code>,
        `${entry.subject}${entry.subjectId ? ` ${entry.subjectId.slice(-8)}` : ''}`,
        entry.remoteAddress ?? '–',
        <code key="details" title={JSON.stringify(entry.details, null, 1)} className="block max-w-90 clip font-mono text-s text-ink-2">
          {Object.keys(entry.details).length > 0 ? JSON.stringify(entry.details) : '–'}
        </code>,
      ],
    }));
  const head = (['at', 'actor', 'action', 'subject', 'address', 'details'] as const).map((name) => t(`audit.${name}`));
  return (
    <Page title={t('nav.admin')} tabs={tabs}>
      {audit.isPending && <Skeleton />}
      {audit.isError && <ErrorNotice error={audit.error} onRetry={() => void audit.refetch()} />}
      {audit.data && (
        <div className="flex flex-col gap-3 p-4">
          <DataTable label={t('admin.audit')} head={head} rows={rows} />
          {audit.hasNextPage && (
            <div>
              <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
                {t('ui.more')}
              </Button>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
