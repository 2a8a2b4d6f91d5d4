import type { CameraId, Rule, RuleId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('rules')
export class RuleEntity {
  @PrimaryColumn('uuid') id!: RuleId;
  @Column('text') name!: string;
  @Column('boolean') enabled!: boolean;
  /** null: every camera. */
  @Column('uuid', { array: true, nullable: true }) cameraIds!: CameraId[] | null;
  @Column('text', { array: true }) labels!: string[];
  @Column('double precision') minScore!: number;
  @Column('jsonb') condition!: Rule['condition'];
  @Column('jsonb', { nullable: true }) schedule!: Rule['schedule'];
  @Column('double precision') hysteresis!: number;
  @Column('double precision') cooldownSeconds!: number;
  @Column('double precision') confirmDeadlineSeconds!: number;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
