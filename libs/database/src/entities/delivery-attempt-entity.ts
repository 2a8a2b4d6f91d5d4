import type { DeliveryId } from '@argus/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** One request of a delivery and what came of it. */
@Entity('delivery_attempts')
export class DeliveryAttemptEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('uuid') deliveryId!: DeliveryId;
  @MomentColumn() at!: Date;
  @Column('integer', { nullable: true }) status!: number | null;
  @Column('text', { nullable: true }) error!: string | null;
  @Column('double precision') durationMs!: number;
}
