import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** Who did what. Rows are only ever added; that of a look at footage says more while the look goes on. */
@Entity('audit')
export class AuditEntity {
  @PrimaryColumn('uuid') id!: string;
  @MomentColumn() at!: Date;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') subject!: string;
  @Column('text', { nullable: true }) subjectId!: string | null;
  @Column('jsonb') details!: Record<string, unknown>;
  @Column('text', { nullable: true }) remoteAddress!: string | null;
}
