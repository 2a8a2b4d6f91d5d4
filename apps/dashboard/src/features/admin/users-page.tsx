import { Plus } from 'lucide-react';
import { useCallback } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAccount, useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge, Tag } from '../../ui/badge.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Ago } from '../../ui/when.js';
import { useAdminTabs } from './admin-tabs.js';
import { groupRightsText } from './group-rights-text.js';
import { UserPanel } from './user-panel.js';

/** Who may sign in, as what, and which cameras they see. */
export function UsersPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const can = useCan();
  const { name } = useAccount();
  const navigate = useNavigate();
  const tabs = useAdminTabs();
  const users = useAll('listUsers');
  const close = useCallback(() => void navigate('/admin/users'), [navigate]);
  const open = users.data?.find((user) => user.id === id);
  const panel = id === 'new' || open ? <UserPanel key={id} user={open ?? null} onClose={close} /> : null;
  return (
    <Page
      title={t('nav.admin')}
      tabs={tabs}
      panel={panel}
      action={
        can('user.write') && (
          <LinkButton to="/admin/users/new" icon={Plus}>
            {t('admin.addUser')}
          </LinkButton>
        )
      }
    >
      {users.isPending && <Skeleton />}
      {users.isError && <ErrorNotice error={users.error} onRetry={() => void users.refetch()} />}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('admin.users')}>
        {users.data?.map((user) => (
          <li key={user.id} className={`border-b border-line ${user.id === id ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
            <Link to={`/admin/users/${user.id}`} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-ink no-underline">
              <span className="min-w-40 font-semibold">
                {user.name} {user.name === name && <span className="font-normal text-ink-3">({t('admin.you')})</span>}
              </span>
              <Tag>{t(`role.${user.role}`)}</Tag>
              {user.disabled && <Badge tone="caution">{t('admin.disabled')}</Badge>}
              <span className="text-s text-ink-2">{user.cameraScope === null ? t('rules.allCameras') : t('admin.scopeOf', { count: user.cameraScope.length })}{user.groupRights && ` · ${groupRightsText(user.groupRights, t)}`}</span>
              <span className="ml-auto text-s text-ink-3">
                {user.lastSignInAt ? (
                  <>
                    {t('admin.lastSignIn')} <Ago at={user.lastSignInAt} />
                  </>
                ) : (
                  t('admin.neverSignedIn')
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
