import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { busybox } from '../../../test/support/fixtures/busybox.ts';
import { guests } from '../../../test/support/fixtures/guests.ts';
import { cached } from '../../cached.ts';
import { runProgram } from '../../programs.ts';
import type { ImageOptions } from '../options.ts';
import { withScript } from './script.ts';
import type { PeerRoot } from './image-root.ts';

/** What multiarch/qemu-user-static's tag `register` is: busybox and QEMU's script. */
export async function busyboxScriptRoot({ qemuScript }: Pick<ImageOptions, 'qemuScript'>): Promise<PeerRoot> {
  const name = 'busybox + QEMU’s script';
  if (qemuScript === undefined) return { name, missing: 'give the path of the script with --qemu-script' };
  const debian = runProgram(['dpkg', '--print-architecture']).trim();
  const binary = await busybox({ ...guests.arm64, debian });
  const root = await cached(`image/busybox-${debian}`, (directory) => {
    for (const path of ['bin', 'etc', 'tmp', 'usr/bin', 'usr/sbin', 'sbin'])
      mkdirSync(join(directory, path), { recursive: true });
    copyFileSync(binary, join(directory, 'bin/busybox'));
    const applets = runProgram([binary, '--list']).split('\n');
    for (const applet of applets.filter((one) => one !== '' && one !== 'busybox'))
      symlinkSync('busybox', join(directory, 'bin', applet));
  });
  return { name, directory: withScript(root, qemuScript) };
}
