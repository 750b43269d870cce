import type { CommandResult } from '../command.ts';
import { run } from '../command.ts';
import { debianSource } from '../fixtures/apt.ts';
import type { Guest } from '../fixtures/guests.ts';

// The fewest packages whose maintainer scripts run: dpkg and the shell work inside the new root from the start.
const packages =
  'perl-base,base-files,base-passwd,dash,libc-bin,dpkg,coreutils,diffutils,sed,grep,debianutils,tar'.split(
    ',',
  );

/** Makes a small Debian root file system of the guest's architecture, as root, configured by the guest's own programs. */
export async function mmdebstrap(guest: Guest, archive: string): Promise<CommandResult> {
  const options = [
    '--mode=root',
    '--variant=custom',
    `--architectures=${guest.debian}`,
    `--include=${packages.join(',')}`,
    '--dpkgopt=force-unsafe-io',
    '--dpkgopt=path-exclude=/usr/share/{doc,man,locale,zoneinfo}/*',
  ];
  return run(['mmdebstrap', ...options, guest.suite, archive, await debianSource(guest.suite)], {
    timeoutMs: 400_000,
  });
}
