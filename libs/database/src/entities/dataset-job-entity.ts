import type { DatasetId, DatasetJob, DatasetJobId, DatasetJobOptions, DatasetJobResult } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** Work on a whole sample set: the truth about it. A worker claims it. */
@Entity('dataset_jobs')
export class DatasetJobEntity {
  @PrimaryColumn('uuid') id!: DatasetJobId;
  @Column('uuid') datasetId!: DatasetId;
  /** As in the options: for looking at the table. */
  @Column('text') kind!: DatasetJobOptions['kind'];
  @Column('jsonb') options!: DatasetJobOptions;
  @Column('text') state!: DatasetJob['state'];
  @Column('jsonb') progress!: DatasetJob['progress'];
  @Column('jsonb', { nullable: true }) result!: DatasetJobResult | null;
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn({ nullable: true }) startedAt!: Date | null;
  @MomentColumn({ nullable: true }) endedAt!: Date | null;
}
