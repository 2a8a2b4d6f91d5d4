import { messageOf } from '@argus/kernel';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk with the recordings folder is full',
  EDQUOT: 'the quota of the recordings folder is used up',
  EROFS: 'the disk with the recordings folder is read-only',
  EACCES: 'the recordings folder may not be written by the user that Argus runs as',
  EPERM: 'the recordings folder may not be written by the user that Argus runs as',
  ENOENT: 'the recordings folder is gone and cannot be made',
  ENOTDIR: 'the recordings folder cannot be made: there is a file in its place',
  EEXIST: 'the recordings folder cannot be made: there is a file in its place',
  EIO: 'the disk with the recordings folder fails',
  EMFILE: 'too many files are open to record',
  ENFILE: 'too many files are open to record',
};

/** Why footage cannot be written, in words for people. */
export function storageProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : WORDS[code]) ?? `footage cannot be written into the recordings folder: ${messageOf(error)}`;
}
