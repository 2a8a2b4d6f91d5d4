import type { DatasetId, UserId, WorkActivity } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn } from '../columns.js';

/** How long somebody worked on a set on a day, and what came of it. */
@Entity('work_times')
export class WorkTimeEntity {
  @PrimaryColumn('uuid') datasetId!: DatasetId;
  /** UTC. */
  @PrimaryColumn('date') day!: string;
  @PrimaryColumn('uuid') account!: UserId;
  @PrimaryColumn('text') activity!: WorkActivity;
  @BigIntColumn() activeMs!: number;
  @Column('integer') pictures!: number;
  @Column('integer') boxes!: number;
}
