import { FootageDiskError } from '@argus/footage';
import { messageOf } from '@argus/kernel';
import { DiskFullError } from './disk-room.js';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk with the recordings folder is full',
  EDQUOT: 'the quota of the recordings folder is used up',
  EROFS: 'the disk with the recordings folder is read-only',
  EACCES: 'the recordings folder may not be written by the user that Argus runs as',
  EPERM: 'the recordings folder may not be written by the user that Argus runs as',
  ENOENT: 'the recordings folder is gone: is its disk there?',
  ENOTDIR: 'the recordings folder cannot be made: there is a file in its place',
  EEXIST: 'the recordings folder cannot be made: there is a file in its place',
  EFBIG: 'files in the recordings folder may not be as large as footage is',
  EIO: 'the disk with the recordings folder fails',
  EMFILE: 'too many files are open to record',
  ENFILE: 'too many files are open to record',
};

/** Why footage cannot be written, in words for people. */
export function storageProblem(error: unknown): string {
  if (error instanceof DiskFullError) return error.message;
  const code = error instanceof FootageDiskError ? error.context['reason'] : (error as NodeJS.ErrnoException | null)?.code;
  return WORDS[String(code)] ?? `footage cannot be written into the recordings folder: ${messageOf(error)}`;
}
