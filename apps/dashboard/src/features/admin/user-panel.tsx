import { CreateUser, ROLES, ROLE_PERMISSIONS, UpdateUser, type CameraScope, type GroupRights, type Role, type User } from '@argus/contracts';
import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAccount, useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { SelectField, SwitchField, TextField } from '../../ui/field.js';
import { SidePanel } from '../../ui/side-panel.js';
import { GroupRightsChoice } from './group-rights-choice.js';
import { ScopeChoice } from './scope-choice.js';

interface UserDraft {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly cameraScope: CameraScope;
  readonly groupRights: GroupRights;
  readonly disabled: boolean;
}

/** What is sent: a password only when one was typed. */
export function updateOf({ password, role, cameraScope, groupRights, disabled }: UserDraft) {
  return { role, cameraScope, groupRights, disabled, ...(password ? { password } : {}) };
}

/** One user; the name is fixed once it is made because the audit refers to it. */
export function UserPanel({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const mayWrite = can('user.write');
  const account = useAccount();
  const [draft, setDraft] = useState<UserDraft>({ name: user?.name ?? '', password: '', role: user?.role ?? 'operator', cameraScope: user?.cameraScope ?? null, groupRights: user ? user.groupRights : account.groupRights, disabled: user?.disabled ?? false });
  const [tried, setTried] = useState(false);
  const { name, password, role, cameraScope, groupRights } = draft;
  const created = { name, password, role, cameraScope, groupRights };
  const found = user ? problemsOf(UpdateUser, updateOf(draft)) : problemsOf(CreateUser, created);
  const problems = tried ? found : {};
  const save = useAction(() => (user ? client.call('updateUser', { params: { id: user.id }, body: updateOf(draft) }) : client.call('createUser', { body: created })), {
    refresh: ['listUsers'],
    said: (saved) => t('admin.userSaved', { name: saved.name }),
    onDone: onClose,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(found).length === 0) save.mutate();
  };
  return (
    <SidePanel title={user ? user.name : t('admin.addUser')} onClose={onClose} actions={user && mayWrite && <DeleteUser user={user} onDone={onClose} />}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset disabled={!mayWrite} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
          <TextField label={t('auth.name')} value={name} onValue={(value) => setDraft({ ...draft, name: value })} disabled={user !== null} error={problems['name'] && t('auth.nameWanted')} autoComplete="off" />
          <TextField label={t(user ? 'admin.newPassword' : 'auth.password')} type="password" value={password} onValue={(value) => setDraft({ ...draft, password: value })} hint={t(user ? 'admin.newPasswordHint' : 'auth.passwordHint')} error={problems['password'] && t('auth.passwordHint')} autoComplete="new-password" />
          <SelectField label={t('admin.role')} hint={t(`roleHint.${role}`)} value={role} onValue={(value) => setDraft({ ...draft, role: value as Role })} options={ROLES.map((value) => ({ value, text: t(`role.${value}`) }))} />
          <details className="rounded-m border border-line">
            <summary className="min-h-9 px-3 py-2 text-s text-ink-2">{t('admin.permissions')}</summary>
            <p className="m-0 px-3 pb-3 font-mono text-s text-ink-2">{ROLE_PERMISSIONS[role].join(' · ')}</p>
          </details>
          <ScopeChoice scope={cameraScope} onScope={(scope) => setDraft({ ...draft, cameraScope: scope })} />
          <GroupRightsChoice rights={groupRights} disabled={!mayWrite} onRights={(rights) => setDraft({ ...draft, groupRights: rights })} />
          {user && <SwitchField label={t('admin.disable')} hint={t('admin.disableHint')} checked={draft.disabled} onChecked={(disabled) => setDraft({ ...draft, disabled })} disabled={!mayWrite} />}
        </fieldset>
        <Button type="submit" tone="primary" icon={Save} busy={save.isPending} disabled={!mayWrite} title={mayWrite ? undefined : t('ui.mayNot')}>
          {t('admin.saveUser')}
        </Button>
      </form>
    </SidePanel>
  );
}

function DeleteUser({ user, onDone }: { user: User; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteUser', { params: { id: user.id } }), { refresh: ['listUsers'], said: () => t('admin.userDeleted', { name: user.name }), onDone });
  return (
    <>
      <Button icon={Trash2} onClick={() => setAsking(true)}>
        {t('ui.delete')}
      </Button>
      <ConfirmDialog open={asking} title={t('admin.deleteUserAsk', { name: user.name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('admin.deleteUserWhat')}
      </ConfirmDialog>
    </>
  );
}
