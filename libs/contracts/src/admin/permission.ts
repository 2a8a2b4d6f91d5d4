import { z } from 'zod';

/** noun.verb. Every route names exactly one, or says that it is public. */
export const PERMISSIONS = [
  'camera.read',
  'camera.write',
  'live.view',
  'recording.view',
  /** Footage of cameras with privacy masks, as it was recorded: without them. */
  'recording.original',
  'recording.export',
  'recording.hold',
  'recording.manage',
  'harvest.read',
  'harvest.run',
  /** Video files in folders of the server that its operator allows; only for who sees all cameras. */
  'harvest.folders',
  'dataset.read',
  'dataset.write',
  /** Files of sample sets, to take away. */
  'dataset.export',
  'event.read',
  'event.acknowledge',
  'pipeline.read',
  'pipeline.write',
  'rule.read',
  'rule.write',
  'webhook.read',
  'webhook.write',
  'model.read',
  'system.read',
  'system.write',
  'metrics.read',
  'profile.record',
  'user.read',
  'user.write',
  'api-key.read',
  'api-key.write',
  'audit.read',
  'account.self',
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

export const ROLES = ['admin', 'operator', 'annotator', 'viewer'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

const VIEWER: readonly Permission[] = ['account.self', 'camera.read', 'live.view', 'recording.view', 'event.read', 'rule.read', 'pipeline.read', 'model.read', 'system.read'];

/** What a role may do. The admin may do everything. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  operator: [...VIEWER, 'camera.write', 'recording.export', 'recording.hold', 'harvest.read', 'harvest.run', 'dataset.read', 'dataset.write', 'dataset.export', 'event.acknowledge', 'rule.write', 'pipeline.write', 'webhook.read', 'metrics.read', 'profile.record'],
  annotator: [...VIEWER, 'harvest.read', 'harvest.run', 'dataset.read', 'dataset.write', 'dataset.export', 'event.acknowledge'],
  viewer: VIEWER,
};
