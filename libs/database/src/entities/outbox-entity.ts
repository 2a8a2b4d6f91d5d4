import type { Event, EventId, WebhookEventType } from '@argus/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/**
 * One change of an event that business may want to hear of, written in the transaction of the event row. The dispatcher turns
 * each row into deliveries in the order of `id` and then marks it.
 */
@Entity('outbox')
export class OutboxEntity {
  /** Text because pg gives bigint as text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('text') type!: WebhookEventType;
  @Column('uuid') eventId!: EventId;
  @Column('integer') revision!: number;
  /** Deliveries with the same key arrive in order: the track's id, or the event's for counts. */
  @Column('text') orderKey!: string;
  /** The event as it was at this revision. */
  @Column('jsonb') event!: Event;
  @MomentColumn() createdAt!: Date;
  @MomentColumn({ nullable: true }) dispatchedAt!: Date | null;
}
