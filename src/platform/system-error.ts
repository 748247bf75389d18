/** What the file system refuses, as operational errors: a full disk is no bug of ours. */
import { OperationalError } from './error.ts';

/** The error itself if it is operational, one made of the system's error if the world is to blame, else `null`. */
export function operational(error: unknown): OperationalError | null {
  if (error instanceof OperationalError) return error;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const options = { cause: error, retryable: true };
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new OperationalError('disk-full', error.message, {
        ...options,
        hint: 'Free some disk space, then try again.',
      });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new OperationalError('file-unwritable', error.message, {
        ...options,
        retryable: false,
        hint: 'See who owns the file, and whether its file system can be written.',
      });
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return new OperationalError('file-unwritable', error.message, {
        ...options,
        hint: 'See the limits on open files, and whether the disk is sound.',
      });
    default:
      return null;
  }
}
