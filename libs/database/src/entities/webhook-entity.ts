import type { Webhook, WebhookEventType, WebhookId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('webhooks')
export class WebhookEntity {
  @PrimaryColumn('uuid') id!: WebhookId;
  @Column('text') name!: string;
  @Column('text') url!: string;
  @Column('text', { array: true }) events!: WebhookEventType[];
  @Column('jsonb') filter!: Webhook['filter'];
  @Column('boolean') enabled!: boolean;
  @Column('boolean') allowPrivate!: boolean;
  /** Signing secret, sealed. */
  @Column('text') sealedSecret!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
