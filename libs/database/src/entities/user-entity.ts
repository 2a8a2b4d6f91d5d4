import type { CameraScope, GroupRights, Role, UserId } from '@argus/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MomentColumn } from '../columns.js';

@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid') id!: UserId;
  @Column('text') name!: string;
  /** The name folded for comparison; unique. */
  @Column('text') nameKey!: string;
  @Column('text') role!: Role;
  @Column('uuid', { array: true, nullable: true }) cameraScope!: CameraScope;
  @Column('jsonb', { nullable: true }) groupRights!: GroupRights;
  /** `scrypt$N$r$p$salt$hash`; the parameters travel with it so that they can grow. */
  @Column('text') passwordHash!: string;
  @Column('boolean') disabled!: boolean;
  @MomentColumn({ nullable: true }) lastSignInAt!: Date | null;
  @MomentColumn() createdAt!: Date;
  @MomentColumn() updatedAt!: Date;
}
