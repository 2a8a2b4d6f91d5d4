import type { CameraId, Event, EventId, RuleId, TrackId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

/** No foreign keys on purpose: an event outlives its camera, its rule and its track. */
@Entity('events')
export class EventEntity {
  @PrimaryColumn('uuid') id!: EventId;
  @Column('integer') revision!: number;
  @Column('text') state!: Event['state'];
  @Column('text') kind!: Event['kind'];
  @Column('uuid') cameraId!: CameraId;
  @Column('text') cameraName!: string;
  @Column('uuid') ruleId!: RuleId;
  @Column('text') ruleName!: string;
  @Column('uuid', { nullable: true }) trackId!: TrackId | null;
  @Column('text', { nullable: true }) label!: string | null;
  @Column('double precision') score!: number;
  @Column('integer', { nullable: true }) count!: number | null;
  @Column('text', { nullable: true }) detail!: string | null;
  @Column('text', { nullable: true }) zone!: string | null;
  @MomentColumn() startedAt!: Date;
  @MomentColumn({ nullable: true }) confirmedAt!: Date | null;
  @Column('text', { nullable: true }) confirmation!: Event['confirmation'];
  @MomentColumn({ nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) endReason!: Event['endReason'];
  @BigIntColumn() ptsUs!: number;
  @Column('jsonb', { nullable: true }) box!: Event['box'];
  @Column('jsonb') attributes!: Event['attributes'];
  @Column('jsonb') path!: Event['path'];
  @Column('jsonb') models!: Event['models'];
  @Column('text', { nullable: true }) snapshotKey!: string | null;
  @Column('text', { nullable: true }) thumbnailKey!: string | null;
  @MomentColumn({ nullable: true }) acknowledgedAt!: Date | null;
  /** Name of the user or key, as it was then. */
  @Column('text', { nullable: true }) acknowledgedBy!: string | null;
  /** Boot of the engine that follows it: an open event of an older boot is orphaned. */
  @Column('uuid') bootId!: string;
  /** When this gateway first stored it, and last changed it. */
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
