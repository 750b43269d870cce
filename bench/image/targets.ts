/** What tonistiigi/binfmt registers on amd64, by names that all contenders know. */
export const eightTargets: readonly string[] = [
  'arm',
  'aarch64',
  'loongarch64',
  'mips64',
  'mips64el',
  'ppc64le',
  'riscv64',
  's390x',
];
