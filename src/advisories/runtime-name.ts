/** What programs are made with, or run by, that emulators are known to have trouble with; and how people call it. */
export const runtimeNames = {
  go: 'Go',
  node: 'Node.js',
  dotnet: '.NET',
  openjdk: 'OpenJDK (HotSpot)',
  openj9: 'OpenJ9',
  mimalloc: 'mimalloc',
  glibc: 'glibc',
  gcc: 'GCC',
  systemd: 'systemd',
} as const;

export type RuntimeName = keyof typeof runtimeNames;
