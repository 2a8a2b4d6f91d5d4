import type { ModelId, ModelSummary } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

/** What the engine last said of a model package; kept so that the list is there while the engine is not. */
@Entity('models')
export class ModelEntity {
  @PrimaryColumn('text') id!: ModelId;
  @Column('text') version!: string;
  @Column('jsonb') summary!: ModelSummary;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
