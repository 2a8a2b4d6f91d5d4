import { ArgusError } from '@argus/kernel';

/** A webhook, delivery or event that does not exist, or not for whoever asks. */
export class WebhookNotFoundError extends ArgusError {
  readonly code = 'webhook.not-found';
}

export class DeliveryNotFoundError extends ArgusError {
  readonly code = 'delivery.not-found';
}

/** Credentials in the URL would be shown in every list and log. */
export class WebhookUrlError extends ArgusError {
  readonly code = 'webhook.url-refused';
}
