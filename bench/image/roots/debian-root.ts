import { debianSource } from '../../../test/support/fixtures/apt.ts';
import { cached } from '../../cached.ts';
import { findProgram, runProgram } from '../../programs.ts';
import type { ImageOptions } from '../options.ts';
import { withScript } from './script.ts';
import type { PeerRoot } from './image-root.ts';

const suite = 'trixie';

/** What `debian:stable-slim` leaves out of Debian's smallest variant with apt. */
const slimness = [
  '--dpkgopt=path-exclude=/usr/share/{doc,groff,info,linda,lintian,locale,man}/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  '--aptopt=Acquire::Languages none',
  '--customize-hook=rm -rf "$1"/var/lib/apt/lists "$1"/var/cache/apt "$1"/var/log/apt "$1"/var/cache/debconf',
];

/** What alekitto/qemu-user-static is: `debian:stable-slim` and QEMU's script. */
export async function debianScriptRoot({ qemuScript }: Pick<ImageOptions, 'qemuScript'>): Promise<PeerRoot> {
  const name = 'debian slim + QEMU’s script';
  if (findProgram('mmdebstrap') === undefined) return { name, missing: 'mmdebstrap is not installed' };
  if (qemuScript === undefined) return { name, missing: 'give the path of the script with --qemu-script' };
  const source = await debianSource(suite);
  const root = await cached(`image/debian-${suite}-slim`, (directory) => {
    const options = ['--mode=root', '--variant=minbase', ...slimness];
    runProgram(['mmdebstrap', ...options, suite, directory, source]);
  });
  return { name, directory: withScript(root, qemuScript) };
}
