import type { CameraId, EventId, RecordingHoldId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** Footage held back from removal. No foreign keys on purpose: a hold outlives its camera and its event. */
@Entity('recording_holds')
export class RecordingHoldEntity {
  @PrimaryColumn('uuid') id!: RecordingHoldId;
  @Column('uuid') cameraId!: CameraId;
  @MomentColumn() fromAt!: Date;
  @MomentColumn() toAt!: Date;
  @Column('text') reason!: string;
  @Column('uuid', { nullable: true }) eventId!: EventId | null;
  @Column('uuid', { nullable: true }) exportId!: string | null;
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
}
