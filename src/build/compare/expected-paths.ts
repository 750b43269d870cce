/** Files that no two builds have the same, whatever they are built with. */
export interface ExpectedPath {
  readonly name: string;
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Only their content may differ. Shown all the same, with the reason. */
const expectedPaths: readonly ExpectedPath[] = [
  { name: 'log', pattern: /^var\/log\/.+/, reason: 'logs say when something was done' },
  {
    name: 'ldconfig-cache',
    pattern: /^var\/cache\/ldconfig\/aux-cache$/,
    reason: "ldconfig's auxiliary cache has inode numbers and times of libraries (elf/cache.c of glibc)",
  },
  {
    name: 'machine-id',
    pattern: /^(etc\/machine-id|var\/lib\/dbus\/machine-id)$/,
    reason: 'machine-id(5) is random',
  },
  {
    name: 'random-seed',
    pattern: /^var\/lib\/(systemd\/random-seed|urandom\/random-seed)$/,
    reason: 'it is random by its purpose',
  },
  {
    name: 'ssh-host-key',
    pattern: /^etc\/ssh\/ssh_host_[a-z0-9]+_key(\.pub)?$/,
    reason: 'host keys are made at random',
  },
  {
    name: 'snakeoil',
    pattern: /^etc\/ssl\/(private\/ssl-cert-snakeoil\.key|certs\/ssl-cert-snakeoil\.pem)$/,
    reason: 'the certificate of the package ssl-cert is made at random',
  },
  {
    name: 'fontconfig-cache',
    pattern: /^var\/cache\/fontconfig\/[^/]+\.cache-\d+$/,
    reason: 'the cache has the times of directories',
  },
  {
    name: 'man-index',
    pattern: /^var\/cache\/man\/(.+\/)?index\.db$/,
    reason: 'the index of manual pages has their times',
  },
  {
    name: 'apt-lists',
    pattern: /^var\/lib\/apt\/lists\/.+/,
    reason: 'the lists are as the mirror had them at that moment',
  },
  {
    name: 'apt-cache',
    pattern: /^var\/cache\/apt\/(src)?pkgcache\.bin$/,
    reason: "apt's cache has addresses and times",
  },
];

export function expectedPath(path: string): ExpectedPath | undefined {
  return expectedPaths.find(({ pattern }) => pattern.test(path));
}
