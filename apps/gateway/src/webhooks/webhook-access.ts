import type { CreatedWebhook, Delivery, DeliveryId, DeliveryQuery, Page, PageQuery, Webhook, WebhookId, WebhookSettings } from '@argus/contracts';
import type { z } from 'zod';
import type { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import type { ChangeBus } from '../realtime/change-bus.js';
import type { WebhookService } from './webhook-service.js';

export interface WebhookAccessOptions {
  readonly service: WebhookService;
  readonly changes: ChangeBus;
  readonly audit: Pick<AuditTrail, 'record'>;
}

const WHAT = 'a webhook';

/** Webhooks for a caller: their log tells of every camera, so they are for those who see all; every change is audited. */
export class WebhookAccess {
  constructor(private readonly options: WebhookAccessOptions) {}

  async list(caller: Principal, query: PageQuery): Promise<Page<Webhook>> {
    requireAllCameras(caller, WHAT);
    return this.options.service.list(query);
  }

  async get(caller: Principal, id: WebhookId): Promise<Webhook> {
    requireAllCameras(caller, WHAT);
    return this.options.service.get(id);
  }

  async create(caller: Principal, settings: WebhookSettings): Promise<z.infer<typeof CreatedWebhook>> {
    requireAllCameras(caller, WHAT);
    const created = await this.options.service.create(settings);
    await this.#changed(caller, 'webhook.create', created.id, { ...settings });
    return created;
  }

  async update(caller: Principal, id: WebhookId, settings: WebhookSettings): Promise<Webhook> {
    requireAllCameras(caller, WHAT);
    const webhook = await this.options.service.update(id, settings);
    await this.#changed(caller, 'webhook.update', id, { ...settings });
    return webhook;
  }

  async remove(caller: Principal, id: WebhookId): Promise<void> {
    requireAllCameras(caller, WHAT);
    await this.options.service.remove(id);
    await this.#changed(caller, 'webhook.delete', id);
  }

  async test(caller: Principal, id: WebhookId): Promise<Delivery> {
    requireAllCameras(caller, WHAT);
    const delivery = await this.options.service.test(id);
    await this.options.audit.record(caller, { action: 'webhook.test', subject: 'webhook', subjectId: id });
    return delivery;
  }

  async listDeliveries(caller: Principal, id: WebhookId, query: z.infer<typeof DeliveryQuery>): Promise<Page<Delivery>> {
    requireAllCameras(caller, WHAT);
    return this.options.service.listDeliveries(id, query);
  }

  async replay(caller: Principal, id: DeliveryId): Promise<Delivery> {
    requireAllCameras(caller, WHAT);
    const delivery = await this.options.service.replay(id);
    await this.options.audit.record(caller, { action: 'delivery.replay', subject: 'delivery', subjectId: id });
    return delivery;
  }

  async #changed(caller: Principal, action: string, id: WebhookId, details: Record<string, unknown> = {}): Promise<void> {
    await this.options.audit.record(caller, { action, subject: 'webhook', subjectId: id, details });
    this.options.changes.announce('webhook');
  }
}
