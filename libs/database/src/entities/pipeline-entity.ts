import type { FlowSettings, ModelId, MotionGateSettings, PipelineId, RolloutSettings, Route, TilingSettings } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('pipelines')
export class PipelineEntity {
  @PrimaryColumn('uuid') id!: PipelineId;
  @Column('text') name!: string;
  @Column('boolean') isDefault!: boolean;
  @Column('text') detector!: ModelId;
  @Column('double precision', { nullable: true }) minScore!: number | null;
  @Column('double precision') analysisFps!: number;
  @Column('jsonb') gate!: MotionGateSettings;
  @Column('jsonb') routes!: Route[];
  @Column('jsonb') flow!: FlowSettings;
  @Column('jsonb', { nullable: true }) tiling!: TilingSettings | null;
  @Column('jsonb', { nullable: true }) rollout!: RolloutSettings | null;
  /** What `detector` was before it was last changed. */
  @Column('text', { nullable: true }) previousDetector!: ModelId | null;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
