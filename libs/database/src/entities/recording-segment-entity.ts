import type { CameraId, RecordingSegment, SegmentId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

/** A file of footage. No foreign key on purpose: footage outlives its camera. */
@Entity('recording_segments')
export class RecordingSegmentEntity {
  @PrimaryColumn('uuid') id!: SegmentId;
  @Column('uuid') cameraId!: CameraId;
  /** Below the recordings folder. */
  @Column('text') path!: string;
  @MomentColumn() startAt!: Date;
  @MomentColumn() endAt!: Date;
  @BigIntColumn() bytes!: number;
  @Column('text') codec!: RecordingSegment['codec'];
  @Column('text') codecString!: string;
  @Column('integer') width!: number;
  @Column('integer') height!: number;
  @Column('boolean') hasAudio!: boolean;
  @Column('integer') connection!: number;
  /** Place of the first fragment: the head is before it. */
  @Column('integer') headBytes!: number;
  /** Files with the same one can follow each other in one film. */
  @Column('text') headId!: string;
  @Column('jsonb') fragments!: RecordingSegment['fragments'];
  /** A byte for each second: share of changed pixels, 0..255. */
  @Column('bytea') motion!: Buffer;
  /** The largest of `motion`: a timeline of a day is drawn without reading it. */
  @Column('smallint') motionPeak!: number;
  /** What was seen, oldest first, as deflated JSON; null: nothing. */
  @Column('bytea', { nullable: true }) pictures!: Buffer | null;
  /** `remote`: in the second tier, and not on the disk any more. */
  @Column('text', { default: 'local' }) tier!: 'local' | 'remote';
  @MomentColumn() createdAt!: Date;
}
