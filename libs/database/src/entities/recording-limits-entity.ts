import type { RecordingLimits } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** Limits beyond those of single cameras: one row. */
@Entity('recording_limits')
export class RecordingLimitsEntity {
  @PrimaryColumn('integer') id!: 1;
  @Column('jsonb') limits!: Partial<RecordingLimits>;
  @MomentColumn() updatedAt!: Date;
}
