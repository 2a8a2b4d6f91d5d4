import type { ApiKey } from '@argus/contracts';
import { KeyRound, Plus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { z } from 'zod';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Ago } from '../../ui/when.js';
import { useAdminTabs } from './admin-tabs.js';
import { ApiKeyPanel } from './api-key-panel.js';
import { groupRightsText } from './group-rights-text.js';

type Key = z.output<typeof ApiKey>;

/** Keys for programs; each is shown once, when it is made. */
export function ApiKeysPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const can = useCan();
  const navigate = useNavigate();
  const tabs = useAdminTabs();
  const keys = useAll('listApiKeys');
  const close = useCallback(() => void navigate('/admin/api-keys'), [navigate]);
  const add = can('api-key.write') && (
    <LinkButton to="/admin/api-keys/new" icon={Plus}>
      {t('admin.addKey')}
    </LinkButton>
  );
  return (
    <Page title={t('nav.admin')} tabs={tabs} action={keys.data?.length !== 0 && add} panel={id === 'new' && <ApiKeyPanel onClose={close} />}>
      {keys.isPending && <Skeleton />}
      {keys.isError && <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <EmptyState icon={KeyRound} title={t('admin.noKeys')} action={add}>
          <p className="m-0">{t('admin.noKeysWhy')}</p>
          <code className="mt-2 block font-mono text-s break-all">curl -H "Authorization: Bearer KEY" {window.location.origin}/api/v1/events</code>
        </EmptyState>
      )}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('admin.apiKeys')}>
        {keys.data?.map((key) => (
          <KeyRow key={key.id} apiKey={key} mayWrite={can('api-key.write')} />
        ))}
      </ul>
    </Page>
  );
}

function KeyRow({ apiKey, mayWrite }: { apiKey: Key; mayWrite: boolean }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const revoke = useAction(() => client.call('deleteApiKey', { params: { id: apiKey.id } }), { refresh: ['listApiKeys'], said: () => t('admin.keyRevoked', { name: apiKey.name }) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-3">
      <span className="min-w-40 font-semibold">{apiKey.name}</span>
      <span className="min-w-0 flex-1 font-mono text-s text-ink-2">{apiKey.permissions.join(' · ')}</span>
      {apiKey.groupRights && <span className="text-s text-ink-2">{groupRightsText(apiKey.groupRights, t)}</span>}
      <span className="text-s text-ink-3">
        {apiKey.lastUsedAt ? (
          <>
            {t('admin.lastUsed')} <Ago at={apiKey.lastUsedAt} />
          </>
        ) : (
          t('admin.neverUsed')
        )}
      </span>
      {mayWrite && <Button onClick={() => setAsking(true)}>{t('admin.revoke')}</Button>}
      <ConfirmDialog open={asking} title={t('admin.revokeAsk', { name: apiKey.name })} confirm={t('admin.revoke')} busy={revoke.isPending} onConfirm={() => revoke.mutate()} onClose={() => setAsking(false)}>
        {t('admin.revokeWhat')}
      </ConfirmDialog>
    </li>
  );
}
