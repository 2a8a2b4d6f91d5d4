import type { Webhook } from '@argus/contracts';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { SecretDialog } from '../../ui/secret-dialog.js';
import { SidePanel } from '../../ui/side-panel.js';
import { useToasts } from '../../ui/toasts.js';
import { DeliveryLog } from './delivery-log.js';
import { WebhookForm } from './webhook-form.js';

/** One webhook: settings, a test, and what became of each delivery. The secret is shown once, when it is made. */
export function WebhookPanel({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  const { t } = useI18n();
  const can = useCan();
  const mayWrite = can('webhook.write');
  const [secret, setSecret] = useState<string | null>(null);
  const actions = webhook && mayWrite && (
    <>
      <TestButton webhook={webhook} />
      <DeleteWebhook webhook={webhook} onDone={onClose} />
    </>
  );
  return (
    <SidePanel wide title={webhook ? webhook.name : t('webhooks.add')} onClose={onClose} actions={actions}>
      <div className="flex flex-col gap-6">
        <WebhookForm key={webhook?.updatedAt ?? 'new'} webhook={webhook} readOnly={!mayWrite} onCreated={(created) => setSecret(created.secret)} />
        {webhook && <DeliveryLog webhookId={webhook.id} />}
      </div>
      {secret && (
        <SecretDialog title={t('webhooks.secretTitle')} secret={secret} onClose={onClose}>
          {t('webhooks.secretOnce')}
        </SecretDialog>
      )}
    </SidePanel>
  );
}

function TestButton({ webhook }: { webhook: Webhook }) {
  const { t } = useI18n();
  const toasts = useToasts();
  const test = useAction(() => client.call('testWebhook', { params: { id: webhook.id } }), {
    refresh: ['listDeliveries'],
    onDone: ({ state, lastError }) => {
      const text = t('webhooks.tested', { state: t(`delivery.${state}`) });
      if (state === 'delivered' || state === 'pending') toasts.say(text);
      else toasts.fail(new Error([text, lastError].filter(Boolean).join(': ')));
    },
  });
  return (
    <Button icon={Send} busy={test.isPending} onClick={() => test.mutate()}>
      {t('webhooks.test')}
    </Button>
  );
}

function DeleteWebhook({ webhook, onDone }: { webhook: Webhook; onDone: () => void }) {
  const { t } = useI18n();
  const [asking, setAsking] = useState(false);
  const remove = useAction(() => client.call('deleteWebhook', { params: { id: webhook.id } }), { refresh: ['listWebhooks'], said: () => t('webhooks.deleted', { name: webhook.name }), onDone });
  return (
    <>
      <IconButton icon={Trash2} label={t('ui.delete')} onClick={() => setAsking(true)} />
      <ConfirmDialog open={asking} title={t('webhooks.deleteAsk', { name: webhook.name })} confirm={t('ui.delete')} busy={remove.isPending} onConfirm={() => remove.mutate()} onClose={() => setAsking(false)}>
        {t('webhooks.deleteWhat')}
      </ConfirmDialog>
    </>
  );
}
