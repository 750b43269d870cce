/** Versions of Debian's QEMU that have passed this project's end-to-end tests on amd64, the newest first. */
export const testedVersions: readonly string[] = ['11.1.3', '10.0.13', '10.0.2', '7.2.22'];

/** Where emulators are looked for unless a suite is named, the newest first. */
export const defaultSuites: readonly string[] = [
  'trixie-backports',
  'trixie',
  'bookworm-backports',
  'bookworm',
];

/** QEMU 11 dropped 32-bit hosts: for them trixie-backports has nothing, and sid an untested 10.2. */
const suitesOf32BitHosts: readonly string[] = ['trixie', 'bookworm-backports', 'bookworm'];

/** Where that is different. loong64 has no release yet; sid has no stable versions, so it is not for everybody. */
export const suitesOfHosts: Readonly<Record<string, readonly string[]>> = {
  armhf: suitesOf32BitHosts,
  i386: suitesOf32BitHosts,
  loong64: ['sid'],
};
