import { PERMISSIONS, type CameraScope, type GroupRights, type Permission } from '@argus/contracts';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useAccount } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { CheckField, TextField } from '../../ui/field.js';
import { SecretDialog } from '../../ui/secret-dialog.js';
import { SidePanel } from '../../ui/side-panel.js';
import { GroupRightsChoice } from './group-rights-choice.js';
import { ScopeChoice } from './scope-choice.js';

/** A key for a program; shown once. Nobody can give what they do not have. */
export function ApiKeyPanel({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const account = useAccount();
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<Permission[]>(['event.read', 'camera.read']);
  const [scope, setScope] = useState<CameraScope>(null);
  const [groupRights, setGroupRights] = useState<GroupRights>(account.groupRights);
  const [until, setUntil] = useState('');
  const [tried, setTried] = useState(false);
  const create = useAction(() => client.call('createApiKey', { body: { name, permissions, cameraScope: scope, groupRights, expiresAt: until ? new Date(until).toISOString() : null } }), { refresh: ['listApiKeys'] });
  const submit = () => {
    setTried(true);
    if (name.trim() && permissions.length > 0) create.mutate();
  };
  return (
    <SidePanel title={t('admin.addKey')} onClose={onClose}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField label={t('admin.keyName')} hint={t('admin.keyNameHint')} value={name} onValue={setName} error={tried && !name.trim() ? t('ui.nameWanted') : undefined} />
        <fieldset className="m-0 grid grid-cols-2 border-0 p-0">
          <legend className="p-0 text-s font-medium text-ink-2">{t('admin.permissions')}</legend>
          {PERMISSIONS.filter((permission) => permission !== 'account.self').map((permission) => (
            <CheckField
              key={permission}
              label={permission}
              disabled={!account.permissions.includes(permission)}
              checked={permissions.includes(permission)}
              onChecked={(on) => setPermissions(on ? [...permissions, permission] : permissions.filter((other) => other !== permission))}
            />
          ))}
          {tried && permissions.length === 0 && <span className="text-s text-alarm">{t('admin.permissionsWanted')}</span>}
        </fieldset>
        <ScopeChoice scope={scope} onScope={setScope} />
        <GroupRightsChoice rights={groupRights} onRights={setGroupRights} />
        <TextField label={t('admin.expires')} hint={t('admin.expiresHint')} type="date" value={until} onValue={setUntil} />
        <Button type="submit" tone="primary" icon={KeyRound} busy={create.isPending}>
          {t('admin.createKey')}
        </Button>
      </form>
      {create.data && (
        <SecretDialog title={t('admin.keyTitle')} secret={create.data.key} onClose={onClose}>
          {t('admin.keyOnce')}
        </SecretDialog>
      )}
    </SidePanel>
  );
}
