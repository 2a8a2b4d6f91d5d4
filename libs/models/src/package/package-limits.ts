/** What a package may hold. A zip states its sizes before it is unpacked, so that a bomb is refused unread. */
export interface PackageLimits {
  readonly files: number;
  readonly totalBytes: number;
  readonly manifestBytes: number;
}

export const PACKAGE_LIMITS: PackageLimits = { files: 256, totalBytes: 1024 ** 3, manifestBytes: 1024 ** 2 };

export const MANIFEST_FILE = 'manifest.json';

/** Files of a package by their path with forward slashes, the manifest included. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;
