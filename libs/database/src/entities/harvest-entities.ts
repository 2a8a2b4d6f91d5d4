import type { CameraId, DatasetId, HarvestRecipe, HarvestRecipeId, HarvestRun, HarvestRunId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

@Entity('harvest_recipes')
export class HarvestRecipeEntity {
  @PrimaryColumn('uuid') id!: HarvestRecipeId;
  @Column('text') nameKey!: string;
  @Column('jsonb') recipe!: HarvestRecipe;
  /** With whose rights it runs by itself. */
  @Column('text') ownerKind!: 'user' | 'api-key';
  @Column('text') ownerId!: string;
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
  /** null: only when somebody runs it. */
  @MomentColumn({ nullable: true }) nextRunAt!: Date | null;
}

/** One run of a recipe: the truth about it. Workers claim its parts. */
@Entity('harvest_runs')
export class HarvestRunEntity {
  @PrimaryColumn('uuid') id!: HarvestRunId;
  @Column('uuid') recipeId!: HarvestRecipeId;
  /** As it was when the run was begun. */
  @Column('jsonb') recipe!: HarvestRecipe;
  /** Those of the recipe that whoever began it may look at. */
  @Column('uuid', { array: true }) cameraIds!: CameraId[];
  /** Of video files: nobody says which cameras they are of, so only who sees all sees it. */
  @Column('boolean') ofVideos!: boolean;
  @Column('uuid', { nullable: true }) datasetId!: DatasetId | null;
  @Column('text') state!: HarvestRun['state'];
  /** Its parts are there. */
  @Column('boolean') isPlanned!: boolean;
  @Column('integer') segmentsTotal!: number;
  @Column('integer') segmentsDone!: number;
  @Column('integer') segmentsFailed!: number;
  @Column('integer') segmentsRejected!: number;
  @Column('integer') added!: number;
  @Column('integer') known!: number;
  @Column('integer') near!: number;
  @BigIntColumn() bytes!: number;
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('jsonb') troubles!: HarvestRun['troubles'];
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn({ nullable: true }) startedAt!: Date | null;
  @MomentColumn({ nullable: true }) endedAt!: Date | null;
  /** How often workers began to plan it since somebody began it, or went on with it. */
  @Column('integer') attempts!: number;
  /** Who plans it; null: nobody. */
  @Column('uuid', { nullable: true }) claim!: string | null;
  @MomentColumn({ nullable: true }) claimedUntil!: Date | null;
}
