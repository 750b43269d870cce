import type { Programs } from '../../debian-programs/index.ts';

/** @param rejected why unpacked ones are taken and not the system's */
export function describePrograms(programs: Programs, version: string, rejected: readonly string[]): string {
  if (programs.origin === 'installed') return `QEMU ${version} of this system`;
  return `QEMU ${version} of Debian, unpacked (${rejected.join('; ')})`;
}
