import { DELIVERY_STATES, type Delivery } from '@argus/contracts';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction, useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL_AUTO } from '../../ui/field.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Ago } from '../../ui/when.js';

const TONES: Readonly<Record<Delivery['state'], Tone>> = { pending: 'busy', delivered: 'good', retrying: 'caution', dead: 'alarm' };

/** What became of each delivery, newest first; what failed can be sent again. */
export function DeliveryLog({ webhookId }: { webhookId: string }) {
  const { t } = useI18n();
  const [state, setState] = useState<Delivery['state'] | ''>('');
  const log = useCall('listDeliveries', { params: { id: webhookId }, query: { limit: 100, state: state ? [state] : undefined } }, { refetchInterval: 5000 });
  return (
    <section aria-label={t('webhooks.log')} className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <h3 className="m-0 flex-1 text-m font-semibold">{t('webhooks.log')}</h3>
        <select aria-label={t('webhooks.state')} value={state} onChange={(event) => setState(event.target.value as Delivery['state'] | '')} className={CONTROL_AUTO}>
          <option value="">{t('events.allStates')}</option>
          {DELIVERY_STATES.map((one) => (
            <option key={one} value={one}>
              {t(`delivery.${one}`)}
            </option>
          ))}
        </select>
      </div>
      {log.isPending && <Skeleton rows={3} className="h-14" />}
      {log.isError && <ErrorNotice error={log.error} />}
      {log.data?.items.length === 0 && <p className="m-0 text-s text-ink-3">{t('webhooks.noDeliveries')}</p>}
      <ul className="m-0 flex list-none flex-col p-0">
        {log.data?.items.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </section>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { t, locale } = useI18n();
  const can = useCan();
  const replay = useAction(() => client.call('replayDelivery', { params: { id: delivery.id } }), { refresh: ['listDeliveries'], said: () => t('webhooks.replayed') });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <Badge tone={TONES[delivery.state]}>{t(`delivery.${delivery.state}`)}</Badge>
      <code className="font-mono text-s">{delivery.type}</code>
      <span className="figures text-s text-ink-2">
        {delivery.lastStatus !== null && `HTTP ${delivery.lastStatus} · `}
        {t('webhooks.attempts', { count: delivery.attempts })}
        {delivery.lastDurationMs !== null && ` · ${whole(delivery.lastDurationMs, locale)} ms`}
      </span>
      <span className="ml-auto text-s text-ink-3">
        <Ago at={delivery.createdAt} />
      </span>
      {can('webhook.write') && delivery.state !== 'pending' && (
        <Button tone="quiet" icon={RotateCcw} busy={replay.isPending} onClick={() => replay.mutate()}>
          {t('webhooks.replay')}
        </Button>
      )}
      {delivery.lastError && <span className="w-full text-s text-ink-2">{delivery.lastError}</span>}
    </li>
  );
}
