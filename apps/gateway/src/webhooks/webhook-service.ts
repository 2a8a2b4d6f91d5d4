import type { CreatedWebhook, Delivery, DeliveryId, DeliveryQuery, Page, PageQuery, Webhook, WebhookId, WebhookPayload, WebhookSettings } from '@argus/contracts';
import { WebhookEntity, type SecretBox } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { idAfter, pageById } from '../http/page-by-id.js';
import { HostNotFoundError, requireAllowedAddresses, type Resolve } from './address-policy.js';
import { deliveryOfRow, type DeliveryRow } from './delivery-row.js';
import type { DeliveryRunner } from './delivery-runner.js';
import type { DeliveryStore } from './delivery-store.js';
import { DeliveryNotFoundError, WebhookNotFoundError, WebhookUrlError } from './errors.js';
import { newWebhookSecret } from './webhook-signature.js';

export interface WebhookServiceOptions {
  readonly dataSource: DataSource;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly store: DeliveryStore;
  readonly runner: DeliveryRunner;
  /** Something may be due now. */
  readonly poke: () => void;
  readonly resolve?: Resolve;
}

/** Webhooks and their delivery log, in the order of their use. Who may do what is decided before. */
export class WebhookService {
  constructor(private readonly options: WebhookServiceOptions) {}

  async list(query: PageQuery): Promise<Page<Webhook>> {
    const after = idAfter(query);
    const rows = await this.#repository
      .createQueryBuilder('webhook')
      .where(after ? 'webhook.id > :after' : 'true', { after })
      .orderBy('webhook.id')
      .take(query.limit + 1)
      .getMany();
    return pageById(rows, query, webhookOf);
  }

  async get(id: WebhookId): Promise<Webhook> {
    return webhookOf(await this.#require(id));
  }

  /** The secret leaves here and nowhere else. */
  async create(settings: WebhookSettings): Promise<z.infer<typeof CreatedWebhook>> {
    await this.#checkUrl(settings);
    const id = newId<WebhookId>();
    const secret = newWebhookSecret();
    const now = new Date(this.options.clock.nowMs());
    const entity = this.#repository.create({ ...settings, id, sealedSecret: this.options.secrets.seal(secret, `webhooks:${id}`), createdAt: now, updatedAt: now });
    await this.#repository.insert(entity);
    return { ...webhookOf(entity), secret };
  }

  async update(id: WebhookId, settings: WebhookSettings): Promise<Webhook> {
    const entity = await this.#require(id);
    await this.#checkUrl(settings);
    Object.assign(entity, settings, { updatedAt: new Date(this.options.clock.nowMs()) });
    await this.#repository.save(entity);
    await this.options.store.retryNow(id);
    this.options.poke();
    return webhookOf(entity);
  }

  /** Its delivery log goes with it; what was open is not sent any more. */
  async remove(id: WebhookId): Promise<void> {
    const { affected } = await this.#repository.delete(id);
    if (!affected) throw new WebhookNotFoundError(`webhook ${id}: not found`);
  }

  /** Sends one test delivery and waits for what comes of it; it is not tried again. Paused webhooks can be tested too. */
  async test(id: WebhookId): Promise<Delivery> {
    const entity = await this.#require(id);
    const payload: WebhookPayload = { type: 'webhook.test', version: 1, message: `Test delivery of the webhook "${entity.name}"` };
    const claim = await this.options.store.addTest(entity, JSON.stringify(payload));
    await this.options.runner.attempt(claim, true);
    return this.#requireDelivery(claim.id);
  }

  async listDeliveries(id: WebhookId, query: z.infer<typeof DeliveryQuery>): Promise<Page<Delivery>> {
    await this.#require(id);
    const rows = (await this.options.dataSource.query(
      `SELECT * FROM deliveries WHERE webhook_id = $1 AND ($2::text[] IS NULL OR state = ANY($2)) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [id, query.state ?? null, idAfter(query) ?? null, query.limit + 1],
    )) as DeliveryRow[];
    return pageById(rows, query, deliveryOfRow);
  }

  async replay(id: DeliveryId): Promise<Delivery> {
    const delivery = await this.options.store.replay(id);
    if (!delivery) throw new DeliveryNotFoundError(`delivery ${id}: not found; finished deliveries are kept for 30 days`);
    this.options.poke();
    return delivery;
  }

  get #repository() {
    return this.options.dataSource.getRepository(WebhookEntity);
  }

  async #require(id: WebhookId): Promise<WebhookEntity> {
    const entity = await this.#repository.findOneBy({ id });
    if (!entity) throw new WebhookNotFoundError(`webhook ${id}: not found`);
    return entity;
  }

  async #requireDelivery(id: DeliveryId): Promise<Delivery> {
    const delivery = await this.options.store.find(id);
    if (!delivery) throw new DeliveryNotFoundError(`delivery ${id}: its webhook was removed meanwhile`);
    return delivery;
  }

  /** A name that cannot be resolved now is taken; every attempt checks again. Throws WebhookAddressError, WebhookUrlError. */
  async #checkUrl(settings: WebhookSettings): Promise<void> {
    const url = new URL(settings.url);
    if (url.username || url.password) throw new WebhookUrlError('url: expected no user name or password in it; receivers verify the signature header instead');
    try {
      await requireAllowedAddresses(url, settings.allowPrivate, this.options.resolve);
    } catch (error) {
      if (!(error instanceof HostNotFoundError)) throw error;
    }
  }
}

function webhookOf(entity: WebhookEntity): Webhook {
  const { sealedSecret: _sealed, createdAt, updatedAt, ...settings } = entity;
  return { ...settings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
