import type { TuningProfile } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** The machine's profile: one row, made by the migration. */
@Entity('tuning_profile')
export class TuningProfileEntity {
  @PrimaryColumn('integer') id!: 1;
  @Column('jsonb') profile!: TuningProfile;
  @MomentColumn() updatedAt!: Date;
}
