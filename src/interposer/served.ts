/**
 * Targets whose guests a tool set can exist for: what Debian releases, or has released since bookworm, and loong64 of
 * sid. For the others an interposer would only take 15 MB of disk and a second of the command that makes it.
 */
export const served: readonly string[] = [
  'aarch64',
  'arm',
  'i386',
  'loongarch64',
  'mips64el',
  'mipsel',
  'ppc64le',
  'riscv64',
  's390x',
  'x86_64',
];

/** @param target QEMU's name */
export function isServed(target: string): boolean {
  return served.includes(target);
}
