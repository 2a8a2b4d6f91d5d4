import type { Webhook as WebhookNoun } from '@argus/contracts';
import { Plus, Webhook } from 'lucide-react';
import { useCallback } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge } from '../../ui/badge.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { WebhookPanel } from './webhook-panel.js';

/** Where events are sent; one webhook opens beside the list. */
export function WebhooksPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const can = useCan();
  const navigate = useNavigate();
  const webhooks = useAll('listWebhooks');
  const close = useCallback(() => void navigate('/webhooks'), [navigate]);
  const open = webhooks.data?.find((webhook) => webhook.id === id);
  const add = can('webhook.write') && (
    <LinkButton to="/webhooks/new" icon={Plus}>
      {t('webhooks.add')}
    </LinkButton>
  );
  const panel = id === 'new' || open ? <WebhookPanel key={open?.id ?? 'new'} webhook={open ?? null} onClose={close} /> : null;
  return (
    <Page title={t('nav.webhooks')} action={webhooks.data?.length !== 0 && add} panel={panel}>
      {webhooks.isPending && <Skeleton />}
      {webhooks.isError && <ErrorNotice error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.data?.length === 0 && (
        <EmptyState icon={Webhook} title={t('webhooks.empty')} action={add}>
          {t('webhooks.emptyWhy')}
        </EmptyState>
      )}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('nav.webhooks')}>
        {webhooks.data?.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} selected={webhook.id === id} />
        ))}
      </ul>
    </Page>
  );
}

function WebhookRow({ webhook, selected }: { webhook: WebhookNoun; selected: boolean }) {
  const { t } = useI18n();
  return (
    <li className={`border-b border-line ${selected ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <Link to={`/webhooks/${webhook.id}`} aria-current={selected || undefined} className="flex flex-col gap-1 px-4 py-3 text-ink no-underline">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{webhook.name}</span>
          {!webhook.enabled && <Badge tone="calm">{t('webhooks.off')}</Badge>}
        </span>
        <span className="clip font-mono text-s text-ink-2">{webhook.url}</span>
        <span className="text-s text-ink-3">{webhook.events.map((type) => t(`webhookEvent.${type}`)).join(' · ')}</span>
      </Link>
    </li>
  );
}
