import type { UserId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid') id!: string;
  /** sha256 (hex) of the cookie's token; the token itself is stored nowhere. */
  @Column('text') tokenHash!: string;
  @Column('uuid') userId!: UserId;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() lastSeenAt!: Date;
  @MomentColumn() expiresAt!: Date;
  @Column('text', { nullable: true }) remoteAddress!: string | null;
  @Column('text', { nullable: true }) userAgent!: string | null;
  /** Up to when its time is told of, as work or not; null: it never told of any. */
  @MomentColumn({ nullable: true }) workReportedAt!: Date | null;
}
