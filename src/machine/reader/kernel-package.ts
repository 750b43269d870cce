import { AnyarchError } from '../../core/error.ts';
import { compareDebianVersions } from '../../core/version.ts';
import { openOffers, unpackTree, type IndexedPackage, type PackageIndex } from '../../debian/index.ts';
import type { Host } from '../../host/host.ts';
import type { DiskToolOptions } from '../disk/disk-tools.ts';
import type { KernelPackage } from '../definition/definition.ts';

/** Drivers that a disk may need; the rest of a kernel's is for other hardware. */
export const diskDrivers =
  /^usr\/lib\/modules\/[^/]+\/(modules\.(order|builtin|builtin\.modinfo)$|kernel\/(arch|block|crypto|fs|lib|drivers\/(block|cdrom|char|md|virtio|crypto|dax|nvme|s390))\/)|^boot\/vmlinu[xz]-/;

/**
 * Unpacks Debian's kernel and drivers.
 *
 * @param directory an empty one
 * @param wants paths of the package
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND and what `openOffers` throws
 */
export async function unpackKernel(
  host: Host,
  kernel: KernelPackage,
  directory: string,
  wants: (path: string) => boolean,
  { mirror, allowExpired, signal, onProgress }: DiskToolOptions,
): Promise<void> {
  const offers = await openOffers(host, kernel.suite, { mirror, allowExpired, signal, onProgress });
  try {
    for (const one of kernelPackages(await offers.readAll(kernel.architecture), kernel)) {
      const subject = `${one.name} ${one.version}`;
      const deb = await offers.download(one);
      await unpackTree(deb, directory, { wants, subject, signal, onProgress });
    }
  } finally {
    await offers.close();
  }
}

/**
 * The package by that name is empty and depends on the newest kernel's; this one, from Linux 6.16 on, on packages of the kernel itself and
 * of its drivers.
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
    const parts = found.depends.filter((name) => /^linux-(binary|modules)-/.test(name)).map(newest);
    return [found, ...parts.filter((one) => one !== undefined)];
  }
  throw new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `${kernel.suite} has no ${kernel.package} for ${kernel.architecture}`,
    { hint: 'name another mirror with --mirror', details: { package: kernel.package } },
  );
}
