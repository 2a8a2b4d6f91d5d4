import type { Event, WebhookEventType, WebhookSettings } from '@argus/contracts';

/** Whether a subscriber wants this change of an event. An empty list in a filter is no restriction, like an absent one. */
export function wants(webhook: Pick<WebhookSettings, 'events' | 'filter'>, type: WebhookEventType, event: Event): boolean {
  const { cameraIds, ruleIds, labels } = webhook.filter;
  return webhook.events.includes(type) && allows(cameraIds, event.cameraId) && allows(ruleIds, event.ruleId) && allows(labels, event.label);
}

function allows<T>(list: readonly T[] | undefined, value: T | null): boolean {
  return list === undefined || list.length === 0 || (value !== null && list.includes(value));
}
