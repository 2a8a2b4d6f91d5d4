import { z } from 'zod';
import { ApiKeyId, CameraId, UserId } from '../ids.js';
import { GroupRights } from './group-rights.js';
import { Permission, Role } from './permission.js';

export const UserName = z.string().trim().min(1).max(80);
/** Length is what makes a password strong; nothing else is demanded. */
export const Password = z.string().min(10, 'expected at least 10 characters').max(256);

/** Cameras that somebody may see; null: all. */
export const CameraScope = z.array(CameraId).max(5000).nullable();
export type CameraScope = z.infer<typeof CameraScope>;

export const User = z.object({
  id: UserId,
  name: UserName,
  role: Role,
  cameraScope: CameraScope,
  groupRights: GroupRights,
  disabled: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime().nullable(),
});
export type User = z.infer<typeof User>;

export const CreateUser = z.object({ name: UserName, password: Password, role: Role, cameraScope: CameraScope.default(null), groupRights: GroupRights.default(null) });
export const UpdateUser = z.object({ role: Role, cameraScope: CameraScope, groupRights: GroupRights, disabled: z.boolean(), password: Password }).partial();

/** Who is asking, as the dashboard sees it. */
export const Account = z.object({
  kind: z.enum(['user', 'api-key']),
  name: z.string(),
  role: Role.nullable(),
  permissions: z.array(Permission),
  cameraScope: CameraScope,
  groupRights: GroupRights,
});
export type Account = z.infer<typeof Account>;

export const SignIn = z.object({ name: z.string().min(1).max(80), password: z.string().min(1).max(256) });
/** First use: the one-time link's token makes the first admin. */
export const SetUp = z.object({ token: z.string().min(1).max(200), name: UserName, password: Password });
/** `needsSetUp`: nobody can sign in yet, the one-time link is needed. */
export const AuthState = z.object({ needsSetUp: z.boolean(), account: Account.nullable() });
export type AuthState = z.infer<typeof AuthState>;

export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string().trim().min(1).max(80),
  permissions: z.array(Permission).min(1),
  cameraScope: CameraScope,
  groupRights: GroupRights,
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const CreateApiKey = ApiKey.pick({ name: true, permissions: true }).extend({
  cameraScope: CameraScope.default(null),
  groupRights: GroupRights.default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
});
/** The only time the key itself is shown. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() });

export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  /** e.g. `camera`, and its id. */
  subject: z.string(),
  subjectId: z.string().nullable(),
  /** What changed, secrets removed. */
  details: z.record(z.string(), z.unknown()),
  remoteAddress: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
