import { decodeUtf8 } from '../core/text.ts';
import type { Files } from './files.ts';
import { ignoring } from './system-error.ts';

/**
 * How somebody whom nobody trusts could put another file in the place of the one at a path, as one clause for people;
 * undefined when nobody could. Looks at the directories above, not at the file itself.
 *
 * @param resolved absolute, without links
 * @param trusted numbers of the users who may
 */
export function untrustedAncestor(
  files: Files,
  resolved: string,
  trusted: readonly number[],
): string | undefined {
  const parts = resolved.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const ancestor = parts.slice(0, length).join('/') || '/';
    const status = files.linkStatus(ancestor);
    if (status === undefined || !trusted.includes(status.uid)) return `${ancestor} belongs to another user`;
    const sticky = (status.mode & 0o1000) !== 0;
    if (!sticky && (status.mode & 0o022) !== 0) return `other users can write to ${ancestor}`;
  }
  return undefined;
}

/** The same, and how they could change the file itself. */
export function untrustedPath(
  files: Files,
  resolved: string,
  trusted: readonly number[],
): string | undefined {
  const status = files.linkStatus(resolved);
  if (status === undefined || !trusted.includes(status.uid)) return `${resolved} belongs to another user`;
  if ((status.mode & 0o022) !== 0) return `other users can write to ${resolved}`;
  return untrustedAncestor(files, resolved, trusted);
}

/** Root: in a user namespace the real root and everybody else unmapped look like uid 65534 (`overflowuid`). */
export function rootOwners(files: Files): number[] {
  // A kernel without user namespaces has no such file.
  const map = ignoring(['ENOENT'], () => decodeUtf8(files.read('/proc/self/uid_map')));
  return map === undefined || /^\s*0\s+0\s+4294967295\s*$/.test(map) ? [0] : [0, 65534];
}
