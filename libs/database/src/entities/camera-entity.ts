import type { Camera, CameraId, PipelineId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('cameras')
export class CameraEntity {
  @PrimaryColumn('uuid') id!: CameraId;
  @Column('text') name!: string;
  /** Passwords and keys replaced by `***`; fit to be shown. */
  @Column('text') url!: string;
  /** The whole URL, sealed; null when `url` hides nothing. */
  @Column('text', { nullable: true }) sealedUrl!: string | null;
  /** As `url` and `sealedUrl`, of the stream for analysis; null: the main stream is analysed. */
  @Column('text', { nullable: true }) analysisUrl!: string | null;
  @Column('text', { nullable: true }) sealedAnalysisUrl!: string | null;
  @Column('boolean') enabled!: boolean;
  @Column('text', { array: true }) tags!: string[];
  @Column('text') timeZone!: string;
  @Column('uuid', { nullable: true }) pipelineId!: PipelineId | null;
  @Column('text', { array: true, nullable: true }) labels!: string[] | null;
  @Column('double precision', { nullable: true }) analysisFps!: number | null;
  @Column('text') priority!: Camera['priority'];
  @Column('double precision') weight!: number;
  @Column('jsonb') recording!: Camera['recording'];
  @Column('jsonb') zones!: Camera['zones'];
  @Column('jsonb', { default: [] }) privacyMasks!: Camera['privacyMasks'];
  /** When its last mask was taken away; what was recorded before is for those who may see originals. */
  @MomentColumn({ nullable: true }) maskedUntil!: Date | null;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
