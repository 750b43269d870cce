import { shellWord } from '../../core/shell-word.ts';
import type { Loader } from './packages.ts';

export interface Bootstrap {
  /** Debian's name of the architecture. */
  readonly architecture: string;
  readonly suite: string;
  /** URL of the archive. */
  readonly mirror: string;
  /** Take lists after their Valid-Until. */
  readonly allowExpired?: boolean | undefined;
  /** Keys that the archive is signed with: a file. */
  readonly keyring: string;
  readonly packages: readonly string[];
  readonly loader: Loader | undefined;
  /** Description of a board, as the kernel's package ends its path. */
  readonly deviceTree?: string | undefined;
  /** Archive of files that are laid over the root before most packages are configured. */
  readonly files: string;
  /** A directory that gets the kernel, its initrd and the loader. */
  readonly boot: string;
  /** The archive that is made. */
  readonly output: string;
}

/** Where grub-mkimage puts its program, in the guest, as in `boot`. */
export const loaderFile = 'anyarch-loader.efi';
/** Name in `boot` of the board's description. */
export const deviceTreeFile = 'device-tree';

/** mmdebstrap leaves options of apt in the image, where they would hold for ever: this one is taken out again. */
const validity = 'Acquire::Check-Valid-Until';
const expiredTaken = `${validity} "false"`;

/** What GRUB needs to find and read the rest; more is on the disk beside it. */
const grubModules =
  'part_gpt ext2 fat normal linux configfile search search_label search_fs_uuid echo test boot ls cat reboot halt serial'.split(
    ' ',
  );

/** Paths of packages that a machine without people at it does without. */
const leftOut = [
  '/usr/share/doc/*',
  '/usr/share/man/*',
  '/usr/share/locale/*',
  '/usr/share/info/*',
  '/usr/share/lintian/*',
];

/**
 * mmdebstrap's command line. Hooks are shell lines by its own interface (mmdebstrap(1), HOOKS).
 */
export function bootstrapWords(bootstrap: Bootstrap): string[] {
  const { architecture, suite, mirror, keyring, packages, loader, files, boot, output } = bootstrap;
  return [
    'mmdebstrap',
    // The namespace that it runs in is root's already.
    '--mode=root',
    // By arch-test, which need not be there, and Debian 12's knows no loong64. The namespace has what runs the guest's programs.
    '--skip=check/qemu',
    '--variant=minbase',
    '--format=tar',
    `--architectures=${architecture}`,
    `--include=${packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...(bootstrap.allowExpired === true
      ? [
          `--aptopt=${expiredTaken}`,
          `--customize-hook=sed -i '/^${validity}/d' "$1"/etc/apt/apt.conf.d/99mmdebstrap`,
        ]
      : []),
    // The archive that comes out of it is what is kept, not these files.
    '--dpkgopt=force-unsafe-io',
    '--dpkgopt=force-confold',
    ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--essential-hook=tar-in ${shellWord(files)} /`,
    ...(loader === undefined ? [] : [`--customize-hook=${loaderHook(loader)}`]),
    // Each machine makes its own.
    '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_*',
    // Or else systemd does at the first start what packages have done already (systemd-update-done.service(8)).
    '--customize-hook=touch "$1"/etc/.updated "$1"/var/.updated',
    `--customize-hook=copy-out /boot ${shellWord(boot)}`,
    `--keyring=${keyring}`,
    ...(bootstrap.deviceTree === undefined
      ? []
      : [
          `--customize-hook=cp "$1"/usr/lib/linux-image-*/${bootstrap.deviceTree} ${shellWord(`${boot}/${deviceTreeFile}`)}`,
        ]),
    suite,
    output,
    `deb ${mirror} ${suite} main`,
  ];
}

/** By the guest's own GRUB, so that the program and its modules are of one version. */
function loaderHook({ format }: Loader): string {
  const place = '/boot/grub';
  return `chroot "$1" grub-mkimage -O ${format} -o /boot/${loaderFile} -p ${place} -c ${place}/anyarch-early.cfg ${grubModules.join(' ')}`;
}
