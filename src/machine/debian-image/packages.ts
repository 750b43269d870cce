import { AnyarchError } from '../../core/error.ts';
import type { MachineDefinition } from '../definition/definition.ts';

/**
 * What every image has on top of Debian's required packages: an init, a network, logins, and what the seed asks cloud-init
 * for. Recommended packages are not installed.
 */
const always = [
  'ca-certificates',
  'cloud-guest-utils',
  'cloud-init',
  'dbus',
  'e2fsprogs',
  'initramfs-tools',
  'iproute2',
  'iputils-ping',
  'kmod',
  'less',
  'libpam-systemd',
  'netbase',
  'openssh-server',
  'procps',
  'qemu-guest-agent',
  'sudo',
  'systemd-resolved',
  'systemd-sysv',
  'udev',
  // hwclock, which the guest agent sets the clock with.
  'util-linux-extra',
];

/** GRUB's modules for an architecture whose disks start by UEFI, and where firmware looks for the program made of them. */
export interface Loader {
  readonly package: string;
  /** `-O` of grub-mkimage. */
  readonly format: string;
  /** UEFI specification 2.10, section 3.5.1.1. */
  readonly file: string;
}

const loaders: Readonly<Record<string, Loader>> = {
  aarch64: { package: 'grub-efi-arm64-bin', format: 'arm64-efi', file: 'BOOTAA64.EFI' },
  x86_64: { package: 'grub-efi-amd64-bin', format: 'x86_64-efi', file: 'BOOTX64.EFI' },
};

/** Undefined where QEMU is given the kernel. */
export function loaderOf({
  architecture,
  boots,
}: Pick<MachineDefinition, 'architecture' | 'boots'>): Loader | undefined {
  return boots.includes('firmware') ? loaders[architecture] : undefined;
}

/**
 * Debian's packages for a machine, in one order.
 *
 * @param further names of the caller's
 * @throws AnyarchError ANYARCH_USAGE for what is no package's name
 */
export function imagePackages(
  definition: Pick<MachineDefinition, 'architecture' | 'boots' | 'kernel'>,
  further: readonly string[],
): readonly string[] {
  const wrong = further.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (wrong !== undefined)
    throw new AnyarchError('ANYARCH_USAGE', `"${wrong}" is no name of a Debian package`, {
      hint: 'names have small letters, digits, +, . and -',
    });
  const loader = loaderOf(definition);
  return [
    ...new Set([
      ...always,
      definition.kernel.package,
      ...(loader === undefined ? [] : [loader.package, 'grub-common']),
      ...further,
    ]),
  ].toSorted();
}
