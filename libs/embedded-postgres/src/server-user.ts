import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** PostgreSQL refuses to run as root, so root runs it under this uid and gid (nobody): no user need be created. */
const UNPRIVILEGED = 65534;

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** null: run as whoever we are. */
export function serverUser(): ServerUser | null {
  return process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : null;
}

/** Whether everybody may walk down to this folder; a checkout below /root (mode 700) is not reachable. */
export function isReachableByEverybody(folder: string): boolean {
  const reachable = (statSync(folder).mode & 0o001) !== 0;
  return reachable && (dirname(folder) === folder || isReachableByEverybody(dirname(folder)));
}
