import type { CreatedWebhook, Delivery, Page, Webhook } from '@argus/contracts';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { WebhookAccess } from './webhook-access.js';

@Controller()
export class WebhookController {
  constructor(private readonly webhooks: WebhookAccess) {}

  @ApiRoute('listWebhooks') list(@Caller() caller: Principal, @Input() { query }: RouteInput<'listWebhooks'>): Promise<Page<Webhook>> {
    return this.webhooks.list(caller, query);
  }

  @ApiRoute('createWebhook') create(@Caller() caller: Principal, @Input() { body }: RouteInput<'createWebhook'>): Promise<z.infer<typeof CreatedWebhook>> {
    return this.webhooks.create(caller, body);
  }

  @ApiRoute('getWebhook') get(@Caller() caller: Principal, @Input() { params }: RouteInput<'getWebhook'>): Promise<Webhook> {
    return this.webhooks.get(caller, params.id);
  }

  @ApiRoute('updateWebhook') update(@Caller() caller: Principal, @Input() { params, body }: RouteInput<'updateWebhook'>): Promise<Webhook> {
    return this.webhooks.update(caller, params.id, body);
  }

  @ApiRoute('deleteWebhook') remove(@Caller() caller: Principal, @Input() { params }: RouteInput<'deleteWebhook'>): Promise<void> {
    return this.webhooks.remove(caller, params.id);
  }

  @ApiRoute('testWebhook') test(@Caller() caller: Principal, @Input() { params }: RouteInput<'testWebhook'>): Promise<Delivery> {
    return this.webhooks.test(caller, params.id);
  }

  @ApiRoute('listDeliveries') deliveries(@Caller() caller: Principal, @Input() { params, query }: RouteInput<'listDeliveries'>): Promise<Page<Delivery>> {
    return this.webhooks.listDeliveries(caller, params.id, query);
  }

  @ApiRoute('replayDelivery') replay(@Caller() caller: Principal, @Input() { params }: RouteInput<'replayDelivery'>): Promise<Delivery> {
    return this.webhooks.replay(caller, params.id);
  }
}
