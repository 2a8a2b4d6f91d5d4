import type { CameraId, Export, ExportId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, MomentColumn } from '../columns.js';

/** A job that exports footage: the truth about it. Its files lie in a folder named after the id. No foreign key on purpose: exports outlive cameras. */
@Entity('exports')
export class ExportEntity {
  @PrimaryColumn('uuid') id!: ExportId;
  @Column('text') title!: string;
  @Column('text') note!: string;
  /** Those of the ranges: who does not see all of them does not see the export. */
  @Column('uuid', { array: true }) cameraIds!: CameraId[];
  @Column('jsonb') ranges!: Export['ranges'];
  @Column('jsonb') options!: Export['options'];
  @Column('text') state!: Export['state'];
  @Column('jsonb') progress!: Export['progress'];
  /** Finished ones, in the order in which they were made. */
  @Column('jsonb') files!: Export['files'];
  @Column('text', { nullable: true }) error!: string | null;
  @Column('text', { nullable: true }) manifestSha256!: string | null;
  @BigIntColumn() estimatedBytes!: number;
  @Column('text') createdBy!: string;
  @MomentColumn() createdAt!: Date;
  @MomentColumn({ nullable: true }) finishedAt!: Date | null;
  /** Who works on it, anew for each attempt; null: nobody. */
  @Column('uuid', { nullable: true }) claim!: string | null;
  /** Until then nobody else takes it; after that whoever had it is dead. */
  @MomentColumn({ nullable: true }) claimedUntil!: Date | null;
  /** How often a worker began or went on with it. */
  @Column('integer') attempts!: number;
}
