import type { CameraId, DatasetCounts, DatasetId, Goal, HarvestRecipeId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

/** A sample set. Its samples are in `dataset_samples`, their pictures in shards. */
@Entity('datasets')
export class DatasetEntity {
  @PrimaryColumn('uuid') id!: DatasetId;
  @Column('text') name!: string;
  /** The name as it is compared: two sets must not look the same. */
  @Column('text') nameKey!: string;
  @Column('text') note!: string;
  @Column('text', { nullable: true }) licence!: string | null;
  @Column('text') source!: string;
  @Column('integer', { nullable: true }) retentionDays!: number | null;
  @Column('text', { array: true }) tags!: string[];
  /** null: nobody said what is wanted. */
  @Column('jsonb', { nullable: true }) goal!: Goal | null;
  /** Whose pictures are or were in it: who may not see all of them does not see the set. */
  @Column('uuid', { array: true }) cameraIds!: CameraId[];
  /** Pictures of cameras that are none of ours, for those who see all. */
  @Column('boolean') hasUnknownCameras!: boolean;
  /** `unreviewed`: annotations that only a model has made; of sets that were counted before that was asked, it is not there. */
  @Column('jsonb') counts!: DatasetCounts & { unreviewed?: number };
  /** At which `revision` it was counted. */
  @BigIntColumn() countedRevision!: number;
  /** Grows with each change of its samples. */
  @BigIntColumn() revision!: number;
  /** Digest of its newest version; null: none yet. */
  @Column('bytea', { nullable: true }) head!: Buffer | null;
  @BigIntColumn({ nullable: true }) headRevision!: number | null;
  @Column('uuid', { nullable: true }) recipeId!: HarvestRecipeId | null;
  /** Of a matrix: the camera, or group of files, whose pictures its recipe puts here; null: of none. */
  @Column('text', { nullable: true }) harvestOwner!: string | null;
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
