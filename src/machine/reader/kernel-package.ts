import { rename } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import { compareDebianVersions } from '../../core/version.ts';
import {
  openOffers,
  unpackTree,
  type ArchiveOptions,
  type IndexedPackage,
  type PackageIndex,
} from '../../debian/index.ts';
import type { Host } from '../../host/host.ts';
import type { KernelPackage } from '../definition/definition.ts';

/** Drivers that a disk may need; the rest of a kernel's is for other hardware. */
export const diskDrivers =
  /^usr\/lib\/modules\/[^/]+\/(modules\.(order|builtin|builtin\.modinfo)$|kernel\/(arch|block|crypto|fs|lib|drivers\/(block|cdrom|char|md|virtio|crypto|dax|nvme|s390))\/)/;

/** The kernel is in /boot, and from Linux 7 on (Debian 14) beside its drivers. */
const kernelFile = /^(boot\/vmlinu[xz]-|usr\/lib\/modules\/[^/]+\/vmlinu[xz]$)/;

interface KernelOptions extends Pick<
  ArchiveOptions,
  'mirror' | 'allowExpired' | 'keyrings' | 'signal' | 'onProgress'
> {
  readonly kernelPath: string;
  readonly wantsDriver: (path: string) => boolean;
}

/**
 * Unpacks Debian's kernel and drivers.
 *
 * @param directory an empty one, in which drivers have their paths
 * @param options.kernelPath where the kernel itself goes, on the same file system
 * @param options.wantsDriver paths below usr/lib/modules
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND and what `openOffers` throws
 */
export async function unpackKernel(
  host: Host,
  kernel: KernelPackage,
  directory: string,
  { kernelPath, wantsDriver, ...options }: KernelOptions,
): Promise<void> {
  let unpacked: string | undefined;
  const offers = await openOffers(host, kernel.suite, options);
  try {
    for (const one of kernelPackages(await offers.readAll(kernel.architecture), kernel)) {
      const subject = `${one.name} ${one.version}`;
      const deb = await offers.download(one);
      await unpackTree(deb, directory, {
        wants: (path) => {
          const isKernel = kernelFile.test(path);
          if (isKernel) unpacked = path;
          return isKernel || (path.startsWith('usr/lib/modules/') && wantsDriver(path));
        },
        ...{ subject, signal: options.signal, onProgress: options.onProgress },
      });
    }
    if (unpacked === undefined) throw withoutKernel(kernel);
    await rename(`${directory}/${unpacked}`, kernelPath);
  } finally {
    await offers.close();
  }
}

/**
 * The package by that name is empty and depends on the newest kernel's; this one, from Linux 6.16 on, on packages of the kernel itself, of
 * its drivers and, later, of their lists.
 */
function kernelPackages(index: PackageIndex, kernel: KernelPackage): IndexedPackage[] {
  const newest = (name: string) =>
    index
      .find(name)
      .toSorted((a, b) => compareDebianVersions(b.version, a.version))
      .at(0);
  const versioned = newest(kernel.package)?.depends.find((name) => /^linux-image-\d/.test(name));
  const found = versioned === undefined ? undefined : newest(versioned);
  if (found !== undefined) {
    const parts = found.depends.filter((name) => /^linux-(base|binary|modules)-\d/.test(name)).map(newest);
    return [found, ...parts.filter((one) => one !== undefined)];
  }
  throw withoutKernel(kernel);
}

function withoutKernel(kernel: KernelPackage): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `${kernel.suite} has no ${kernel.package} with a kernel for ${kernel.architecture}`,
    { hint: 'name another mirror with --mirror', details: { package: kernel.package } },
  );
}
