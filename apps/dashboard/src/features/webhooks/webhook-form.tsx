import { WEBHOOK_EVENT_TYPES, WebhookSettings, type CameraId, type CreatedWebhook as CreatedWebhookSchema, type RuleId, type Webhook } from '@argus/contracts';
import { Save } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { useCan } from '../../app/account.js';
import { useAction, useAll } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { problemsOf } from '../../forms/problems.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ChipsField } from '../../ui/chips-field.js';
import { CheckField, SwitchField, TextField } from '../../ui/field.js';

interface WebhookFormProps {
  readonly webhook: Webhook | null;
  readonly readOnly: boolean;
  readonly onCreated: (created: z.output<typeof CreatedWebhookSchema>) => void;
}

const EMPTY: WebhookSettings = { name: '', url: '', events: ['event.confirmed'], filter: {}, enabled: true, allowPrivate: false };

function settingsOf(webhook: Webhook): WebhookSettings {
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...settings } = webhook;
  return settings;
}

/** Settings of a webhook. An empty part of the filter is left out: absent means everything. */
export function WebhookForm({ webhook, readOnly, onCreated }: WebhookFormProps) {
  const { t } = useI18n();
  const can = useCan();
  const [draft, setDraft] = useState<WebhookSettings>(() => (webhook ? settingsOf(webhook) : EMPTY));
  const [tried, setTried] = useState(false);
  const cameras = useAll('listCameras', { enabled: can('camera.read') }).data ?? [];
  const rules = useAll('listRules', { enabled: can('rule.read') }).data ?? [];
  const problems = tried ? problemsOf(WebhookSettings, draft) : {};
  const create = useAction(() => client.call('createWebhook', { body: draft }), { refresh: ['listWebhooks'], onDone: onCreated });
  const update = useAction((id: string) => client.call('updateWebhook', { params: { id }, body: draft }), { refresh: ['listWebhooks'], said: (saved) => t('webhooks.saved', { name: saved.name }) });
  const submit = () => {
    setTried(true);
    if (Object.keys(problemsOf(WebhookSettings, draft)).length > 0) return;
    if (webhook) update.mutate(webhook.id);
    else create.mutate();
  };
  const filter = (part: WebhookSettings['filter']) => setDraft({ ...draft, filter: { ...draft.filter, ...part } });
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
        <TextField label={t('webhooks.name')} value={draft.name} onValue={(name) => setDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} autoFocus={!webhook} />
        <TextField label={t('webhooks.url')} value={draft.url} onValue={(url) => setDraft({ ...draft, url })} error={problems['url'] && t('webhooks.urlWanted')} placeholder="https://example.com/hooks/argus" spellCheck={false} />
        <fieldset className="m-0 flex flex-col border-0 p-0">
          <legend className="p-0 text-s font-medium text-ink-2">{t('webhooks.events')}</legend>
          {WEBHOOK_EVENT_TYPES.map((type) => (
            <CheckField key={type} label={`${t(`webhookEvent.${type}`)} (${type})`} checked={draft.events.includes(type)} onChecked={(on) => setDraft({ ...draft, events: on ? [...draft.events, type] : draft.events.filter((one) => one !== type) })} />
          ))}
          {problems['events'] && <span className="text-s text-alarm">{t('webhooks.eventsWanted')}</span>}
        </fieldset>
        <details className="rounded-m border border-line">
          <summary className="min-h-9 px-3 py-2 font-medium">{t('webhooks.filter')}</summary>
          <div className="flex flex-col gap-4 p-3">
            <ChoiceList legend={t('nav.cameras')} items={cameras} chosen={draft.filter.cameraIds ?? []} onChosen={(ids) => filter({ cameraIds: ids.length > 0 ? (ids as CameraId[]) : undefined })} />
            <ChoiceList legend={t('nav.rules')} items={rules} chosen={draft.filter.ruleIds ?? []} onChosen={(ids) => filter({ ruleIds: ids.length > 0 ? (ids as RuleId[]) : undefined })} />
            <ChipsField label={t('rules.labels')} hint={t('rules.labelsHint')} values={draft.filter.labels ?? []} onValues={(labels) => filter({ labels: labels.length > 0 ? labels : undefined })} />
          </div>
        </details>
        <SwitchField label={t('webhooks.allowPrivate')} hint={t('webhooks.allowPrivateHint')} checked={draft.allowPrivate} onChecked={(allowPrivate) => setDraft({ ...draft, allowPrivate })} disabled={readOnly} />
        <SwitchField label={t('webhooks.enabled')} checked={draft.enabled} onChecked={(enabled) => setDraft({ ...draft, enabled })} disabled={readOnly} />
      </fieldset>
      <Button type="submit" tone="primary" icon={Save} busy={create.isPending || update.isPending} disabled={readOnly} title={readOnly ? t('ui.mayNot') : undefined}>
        {t('webhooks.save')}
      </Button>
    </form>
  );
}

/** Nothing ticked: everything. */
function ChoiceList({ legend, items, chosen, onChosen }: { legend: string; items: readonly { readonly id: string; readonly name: string }[]; chosen: readonly string[]; onChosen: (ids: string[]) => void }) {
  const { t } = useI18n();
  return (
    <fieldset className="m-0 flex max-h-48 flex-col overflow-auto border-0 p-0">
      <legend className="p-0 text-s font-medium text-ink-2">
        {legend} {chosen.length === 0 && `(${t('webhooks.all')})`}
      </legend>
      {items.map((item) => (
        <CheckField key={item.id} label={item.name} checked={chosen.includes(item.id)} onChecked={(on) => onChosen(on ? [...chosen, item.id] : chosen.filter((id) => id !== item.id))} />
      ))}
    </fieldset>
  );
}
