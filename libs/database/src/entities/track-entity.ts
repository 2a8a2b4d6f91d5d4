import type { CameraId, ModelId, Track, TrackId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('tracks')
export class TrackEntity {
  @PrimaryColumn('uuid') id!: TrackId;
  @Column('uuid') cameraId!: CameraId;
  @Column('text') label!: string;
  @Column('double precision') score!: number;
  @MomentColumn() startedAt!: Date;
  @MomentColumn() endedAt!: Date;
  @Column('jsonb') attributes!: Track['attributes'];
  @Column('jsonb') path!: Track['path'];
  @Column('text') detectorId!: ModelId;
  @Column('text') detectorVersion!: string;
  @MomentColumn() createdAt!: Date;
}
