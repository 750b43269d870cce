/** Debian's releases and the architectures whose busybox-static they have, the preferred first (Release files, 2026-11). */
const releases: readonly (readonly [suite: string, architectures: readonly string[]])[] = [
  ['trixie', ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x']],
  ['bookworm', ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'mips64el', 'mipsel', 'ppc64el', 's390x']],
  // Not released yet. Its Release file may have expired, which is said then.
  ['sid', ['loong64']],
];

/** The suites to look for a guest in; none where Debian's main archive has not the architecture. */
export function suitesOfGuest(debian: string): string[] {
  return releases.filter(([, architectures]) => architectures.includes(debian)).map(([suite]) => suite);
}
