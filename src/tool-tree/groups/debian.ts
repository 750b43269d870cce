import { debianLines } from '../self-test/lines/debian.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readingFiles } from './common-rules.ts';

/** dpkg's programs that pack and unpack. dpkg itself has the architecture compiled in (see `denied`). */
export const debian: readonly Tool[] = [
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
