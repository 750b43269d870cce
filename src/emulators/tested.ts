/** Versions of Debian's QEMU that have passed this project's end-to-end tests on amd64, the newest first. */
export const testedVersions: readonly string[] = ['11.1.3', '10.0.13', '10.0.2', '7.2.22'];

/** Where emulators are looked for unless a suite is named, the newest first. */
export const defaultSuites: readonly string[] = [
  'trixie-backports',
  'trixie',
  'bookworm-backports',
  'bookworm',
];

/** Debian releases it for none of the others yet; sid has no stable versions, so it is not for everybody. */
export const suitesOfNewHosts: Readonly<Record<string, readonly string[]>> = { loong64: ['sid'] };
