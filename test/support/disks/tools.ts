import { obtainPrograms, type Programs } from '../../../src/debian-programs/index.ts';
import { succeed } from '../command.ts';
import { programsHost } from '../tiny-machines/programs-host.ts';

/** What makes file systems and partitions in plain files, for this machine; kept between runs. */
const packages = ['btrfs-progs', 'e2fsprogs', 'fdisk', 'qemu-utils', 'xfsprogs'];

let known: Promise<Programs> | undefined;

/** Runs one of them. */
export async function diskTool(
  name: string,
  words: readonly string[],
  options: { readonly input?: string } = {},
): Promise<void> {
  known ??= obtainPrograms(programsHost(), { packages });
  const programs = await known;
  const environment = { ...process.env, LC_ALL: 'C.UTF-8', ...programs.environment };
  await succeed([...programs.command(name), ...words], { environment, ...options });
}
