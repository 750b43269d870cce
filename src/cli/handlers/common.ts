/** What most people want when they name nothing: Debian's release architectures. */
export const common: readonly string[] = [
  'aarch64',
  'arm',
  'i386',
  'mips64el',
  'mipsel',
  'ppc64le',
  'riscv64',
  's390x',
  'x86_64',
];
