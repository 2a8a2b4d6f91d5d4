import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** The time by which footage is old, and how long the machine's clock has been ahead of it: one row, none before the first look. */
@Entity('recording_clock')
export class RecordingClockEntity {
  @PrimaryColumn('integer') id!: 1;
  @MomentColumn() seenAt!: Date;
  @Column('integer') doubtedSeconds!: number;
  /** What the clock said then. */
  @MomentColumn() wallAt!: Date;
  /** What it said after it was last set back by much; null: it never was. */
  @MomentColumn({ nullable: true }) setBackAt!: Date | null;
}
