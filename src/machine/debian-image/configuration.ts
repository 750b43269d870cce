import { loaderLabel, rootLabel } from '../disk/layout.ts';

/** A file of the image's, or a link. Paths are relative to its root. */
export type ImageFile =
  | { readonly path: string; readonly text: string; readonly mode?: number }
  | { readonly path: string; readonly link: string };

/**
 * For the root's own disk, on any bus that QEMU has, and the seed. A list, and not all that there are: the archive is made under
 * emulation, program by program for each module, and unpacked at each start.
 */
const modules = [
  'ahci',
  'cdrom',
  'crc32c_generic',
  'ext4',
  'isofs',
  'mmc_block',
  'nvme',
  'scsi_mod',
  'sd_mod',
  'sr_mod',
  'usb_storage',
  'vfat',
  'virtio_blk',
  'virtio_ccw',
  'virtio_mmio',
  'virtio_net',
  'virtio_pci',
  'virtio_rng',
  'virtio_scsi',
  'virtiofs',
];

/** Work that systemd would begin a few minutes after the start, and that takes an emulated machine minutes. */
const notAtStart = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_all.timer', 'man-db.timer'];

/**
 * systemd-system.conf(5): 90 seconds each, of the host's time. An emulated guest that gets a tenth of a processor takes longer for what
 * goes well: its serial device was given up while udev was still starting (armhf, 30 processes for two processors), so that
 * nobody was asked to log in.
 */
const patientManager = '[Manager]\nDefaultTimeoutStartSec=15min\nDefaultDeviceTimeoutSec=15min\n';

/** cloud-init writes what systemd-networkd reads, and Debian does not start it by itself. */
const network = [
  ['dbus-org.freedesktop.network1.service', 'systemd-networkd.service'],
  ['multi-user.target.wants/systemd-networkd.service', 'systemd-networkd.service'],
  ['sockets.target.wants/systemd-networkd.socket', 'systemd-networkd.socket'],
  [
    'network-online.target.wants/systemd-networkd-wait-online.service',
    'systemd-networkd-wait-online.service',
  ],
] as const;

/** systemd.unit(5), "String escaping for inclusion in unit names". */
const seedUnit = String.raw`dev-disk-by\x2dlabel-cidata.device`;

/**
 * Behind USB the seed comes when the system has long been starting, and cloud-init looks for it once. Without any, or on a host
 * that is busier than that, there is no login: systemd's own 90 s are too few.
 */
const lateSeed: readonly ImageFile[] = [
  {
    path: 'etc/systemd/system/cloud-init-local.service.d/anyarch.conf',
    text: `[Unit]\nWants=${seedUnit}\nAfter=${seedUnit}\n`,
  },
  {
    path: `etc/systemd/system/${seedUnit}.d/anyarch.conf`,
    text: '[Unit]\nJobRunningTimeoutSec=15min\n',
  },
];

/** What the kernel is told, apart from its console. */
export const kernelParameters = `root=LABEL=${rootLabel} ro`;

/**
 * Files that are there before packages are configured: some of these read them.
 *
 * @param console the kernel's name of the machine's serial console, `ttyAMA0`
 */
export function imageFiles({
  hasLoader,
  console,
  drivers = [],
}: {
  readonly hasLoader: boolean;
  readonly console: string;
  readonly drivers?: readonly string[] | undefined;
}): readonly ImageFile[] {
  return [
    { path: 'etc/hostname', text: 'debian\n' },
    { path: 'etc/hosts', text: '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' },
    { path: 'etc/fstab', text: fstab(hasLoader) },
    // Other sources are on the network, and each is waited for. Debian 12's cloud-init sets a locale that nobody has made.
    {
      path: 'etc/cloud/cloud.cfg.d/90-anyarch.cfg',
      text: 'datasource_list: [NoCloud, None]\nlocale: C.UTF-8\n',
    },
    { path: 'etc/initramfs-tools/conf.d/anyarch', text: 'MODULES=list\nCOMPRESS=gzip\n' },
    { path: 'usr/share/initramfs-tools/modules.d/anyarch', text: `${[...drivers, ...modules].join('\n')}\n` },
    { path: 'etc/systemd/system.conf.d/anyarch.conf', text: patientManager },
    ...(drivers.length === 0 ? [] : lateSeed),
    ...notAtStart.map((unit) => ({ path: `etc/systemd/system/${unit}`, link: '/dev/null' })),
    ...network.map(([place, unit]) => ({
      path: `etc/systemd/system/${place}`,
      link: `/usr/lib/systemd/system/${unit}`,
    })),
    ...(hasLoader
      ? [
          { path: 'boot/grub/grub.cfg', text: menu(console) },
          { path: 'boot/grub/anyarch-early.cfg', text: early },
        ]
      : []),
  ];
}

function fstab(hasLoader: boolean): string {
  const root = `LABEL=${rootLabel} / ext4 defaults,errors=remount-ro 0 1\n`;
  return hasLoader ? `${root}LABEL=${loaderLabel} /boot/efi vfat umask=0077,nofail 0 2\n` : root;
}

/** In the program itself: where the rest is. */
const early = `search --no-floppy --label --set=root ${rootLabel}\nset prefix=($root)/boot/grub\n`;

/** Debian keeps the two links on the newest kernel, so nothing is written here when there is another one. */
function menu(console: string): string {
  return `set timeout=0
search --no-floppy --label --set=root ${rootLabel}
menuentry "Debian" {
  linux /vmlinuz ${kernelParameters} console=${console}
  initrd /initrd.img
}
`;
}
