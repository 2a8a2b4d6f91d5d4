import type { Delivery, DeliveryId, WebhookId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

@Entity('deliveries')
export class DeliveryEntity {
  @PrimaryColumn('uuid') id!: DeliveryId;
  @Column('uuid') webhookId!: WebhookId;
  /** The outbox row it was made from; null for tests. With `webhookId` unique: a dispatcher that dies half-way makes no twin. */
  @BigIntColumn({ nullable: true }) outboxId!: number | null;
  @Column('text') type!: Delivery['type'];
  @Column('uuid', { nullable: true }) eventId!: string | null;
  @Column('text') orderKey!: string;
  /** The exact text that is signed and sent, the same on every attempt. */
  @Column('text') body!: string;
  @Column('text') state!: Delivery['state'];
  @Column('integer') attempts!: number;
  @MomentColumn() createdAt!: Date;
  @MomentColumn({ nullable: true }) lastAttemptAt!: Date | null;
  @MomentColumn({ nullable: true }) nextAttemptAt!: Date | null;
  @MomentColumn({ nullable: true }) deliveredAt!: Date | null;
  @Column('integer', { nullable: true }) lastStatus!: number | null;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('double precision', { nullable: true }) lastDurationMs!: number | null;
}
