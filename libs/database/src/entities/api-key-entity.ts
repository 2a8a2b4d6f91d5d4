import type { ApiKeyId, CameraScope, GroupRights, Permission } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id!: ApiKeyId;
  @Column('text') name!: string;
  /** sha256 (hex) of the key. The key holds 256 random bits, so a slow hash would add nothing. */
  @Column('text') keyHash!: string;
  @Column('text', { array: true }) permissions!: Permission[];
  @Column('uuid', { array: true, nullable: true }) cameraScope!: CameraScope;
  @Column('jsonb', { nullable: true }) groupRights!: GroupRights;
  @MomentColumn() createdAt!: Date;
  @Column('text') createdBy!: string;
  @MomentColumn({ nullable: true }) lastUsedAt!: Date | null;
  @MomentColumn({ nullable: true }) expiresAt!: Date | null;
}
