import { debianLines } from '../self-test/lines/debian.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readingFiles } from './common-rules.ts';

/** What dpkg has in the place of its architecture's name is exactly as long as `amd64`. */
const longerName = 'the name of the architecture, which is compiled in, does not fit into the native program';

/** Names of files are hashed with the sign of `char`: lists of all files are in an order of its own for names that are not ASCII. */
const listsFiles = ['-S', '--search'];

/** dpkg and its programs. Those that write lists of all files stay emulated (dpkg-divert, dpkg-statoverride). */
export const debian: readonly Tool[] = [
  database('dpkg', 'installs what dpkg-deb unpacks, and starts the scripts, which are the guest’s', []),
  database('dpkg-query', 'prints what the database says; who searches for files is emulated', listsFiles),
  database('dpkg-trigger', 'notes a trigger in the database', []),
  {
    group: 'debian',
    name: 'dpkg-deb',
    guest: { package: 'dpkg', path: 'usr/bin/dpkg-deb' },
    listed: 'allow',
    reason:
      'an archive is packed as its control file says; only `--version` names the architecture of the program',
    rules: readingFiles({ bail: ['--v'], ...namesUsers }),
    selfTest: debianLines['dpkg-deb'] ?? [],
  },
  {
    group: 'debian',
    name: 'dpkg-split',
    guest: { package: 'dpkg', path: 'usr/bin/dpkg-split' },
    listed: 'allow',
    reason: 'parts are cut as the archive says; only `--version` names the architecture of the program',
    rules: readingFiles({ bail: ['--v'] }),
    selfTest: debianLines['dpkg-split'] ?? [],
  },
];

function database(name: string, reason: string, bail: readonly string[]): Tool {
  return {
    group: 'debian',
    name,
    guest: { package: 'dpkg', path: `usr/bin/${name}` },
    perArchitecture: true,
    notOn: { ppc64el: longerName, riscv64: longerName, loong64: longerName, mips64el: longerName },
    listed: 'care',
    adapt: 'dpkg',
    reason: `${reason}; the architecture that is compiled in becomes the guest’s`,
    // No reader of files: what has `/proc` in its path is a package, such as procps.
    rules: { bail: ['//', ...bail], ...namesUsers },
    selfTest: debianLines[name] ?? [],
  };
}
