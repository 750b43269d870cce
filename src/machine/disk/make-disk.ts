import { open, rm, stat, truncate } from 'node:fs/promises';
import type { Programs } from '../../debian-programs/index.ts';
import { diskLayout, loaderLabel, plainLayout, rootLabel } from './layout.ts';
import { runTool } from './run-tool.ts';

export interface DiskContent {
  /** The architecture's name. */
  readonly architecture: string;
  /** Archive of the root file system: owners, modes, extended attributes and devices are taken as they are. */
  readonly archive: string;
  /** One file system and no partitions: for a kernel that QEMU is given. */
  readonly isPlain?: boolean;
  /** A program for UEFI, put where firmware looks for one (`BOOTAA64.EFI`). */
  readonly loader?: { readonly file: string; readonly name: string } | undefined;
}

export interface DiskOptions {
  /** A directory for what is only needed meanwhile. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a qcow2 disk of an archive: without root, without loop devices and without mounting anything.
 *
 * @param output a file that is not there yet
 * @returns bytes that a guest sees
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_DISK_INVALID, ANYARCH_CANCELLED
 */
export async function makeDisk(
  tools: Programs,
  { architecture, archive, loader, isPlain }: DiskContent,
  output: string,
  { scratch, signal }: DiskOptions,
): Promise<number> {
  const { size } = await stat(archive);
  const layout = isPlain === true ? plainLayout(size) : diskLayout(architecture, size, loader !== undefined);
  const raw = `${scratch}/disk.raw`;
  try {
    await (await open(raw, 'wx', 0o600)).close();
    await truncate(raw, layout.bytes);
    if (layout.table !== undefined)
      await runTool(tools, 'sfdisk', ['--quiet', raw], { input: layout.table, signal });
    await runTool(
      tools,
      'mke2fs',
      // Without a mke2fs.conf it goes by its own built-in one: the host's would make another file system.
      // Initialised at once: a lazy one has the guest write for minutes.
      [
        '-q',
        '-F',
        '-t',
        'ext4',
        '-O',
        '^orphan_file',
        '-L',
        rootLabel,
        '-m',
        '1',
        '-E',
        `offset=${layout.root.offset},lazy_itable_init=0,lazy_journal_init=1`,
        '-d',
        archive,
        raw,
        `${layout.root.bytes / 1024}k`,
      ],
      { environment: { MKE2FS_CONFIG: '/nonexistent/mke2fs.conf', MKE2FS_SYNC: '0' }, signal },
    );
    if (loader !== undefined && layout.loader !== undefined)
      await writeLoader(tools, raw, layout.loader.offset, loader, signal);
    await runTool(tools, 'qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, output], { signal });
    return layout.bytes;
  } finally {
    await rm(raw, { force: true });
  }
}

async function writeLoader(
  tools: Programs,
  raw: string,
  offset: number,
  { file, name }: { readonly file: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  // A configuration of the user's could name other drives; what is checked is for disks of hardware.
  const run = { environment: { MTOOLSRC: '/dev/null', MTOOLS_SKIP_CHECK: '1' }, signal };
  const image = `${raw}@@${offset}`;
  // 64 MiB in clusters of 512 bytes: enough of them for FAT32, which firmware expects there.
  await runTool(
    tools,
    'mformat',
    ['-i', image, '-F', '-c', '1', '-T', '131072', '-h', '64', '-s', '32', '-v', loaderLabel, '::'],
    run,
  );
  await runTool(tools, 'mmd', ['-i', image, '::/EFI', '::/EFI/BOOT'], run);
  await runTool(tools, 'mcopy', ['-i', image, file, `::/EFI/BOOT/${name}`], run);
}
