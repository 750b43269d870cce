import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openOffers, unpackTree, type IndexedPackage, type Offers } from '../../../src/debian/index.ts';
import { compareDebianVersions } from '../../../src/core/version.ts';
import type { MachineDefinition } from '../../../src/machine/definition/definition.ts';
import { cached } from '../fixtures/cache.ts';
import { succeed } from '../command.ts';
import { programsHost } from './programs-host.ts';
import { unpackModules } from './modules.ts';

/** Debian's kernel for a machine, with the drivers of virtio that are not built into it. */
export interface TinyKernel {
  readonly kernel: string;
  readonly deviceTree: string | undefined;
  readonly busybox: string;
  /** Plain modules, each behind those that it needs. */
  readonly modules: readonly string[];
}

/** From packages that are verified and unpacked as the product does it; only what a tiny machine needs is kept. */
export async function tinyKernel({ kernel }: MachineDefinition): Promise<TinyKernel> {
  const name = [kernel.package, kernel.suite, ...(kernel.deviceTree === undefined ? [] : ['board-2'])].join(
    '-',
  );
  const directory = await cached(`tiny-machines/2/${name}`, async (target) => {
    const host = programsHost();
    const offers = await openOffers(host, kernel.suite, { allowExpired: kernel.suite === 'forky' });
    try {
      await unpackKernel(offers, kernel, target);
    } finally {
      await offers.close();
    }
  });
  const modules = join(directory, 'modules');
  return {
    kernel: join(directory, 'kernel'),
    deviceTree: kernel.deviceTree === undefined ? undefined : join(directory, 'board.dtb'),
    busybox: join(directory, 'busybox'),
    modules: readdirSync(modules)
      .toSorted()
      .map((file) => join(modules, file)),
  };
}

async function unpackKernel(
  offers: Offers,
  { package: name, architecture, deviceTree, drivers = [] }: MachineDefinition['kernel'],
  target: string,
): Promise<void> {
  mkdirSync(join(target, 'tree'));
  const index = await offers.readAll(architecture);
  const newest = (wanted: string): IndexedPackage => {
    const found = index.find(wanted).toSorted((a, b) => compareDebianVersions(b.version, a.version))[0];
    if (found === undefined) throw new Error(`there is no package ${wanted} for ${architecture}`);
    return found;
  };
  const unpack = async (one: IndexedPackage, wants: (path: string) => boolean): Promise<string[]> => {
    const deb = await offers.download(one);
    const written = await unpackTree(deb, join(target, 'tree'), { wants, subject: one.name });
    return [...written.keys()].map((path) => join(target, 'tree', path));
  };
  // The package of this name has nothing but the name of the one with the kernel, which has it or names those that do.
  const real = newest(name).depends.find((one) => one.startsWith('linux-image-'));
  if (real === undefined) throw new Error(`${name} needs no kernel`);
  const parts = newest(real).depends.filter((one) => /^linux-(binary|modules)-/.test(one));
  const isTree = (path: string) => deviceTree !== undefined && path.endsWith(`/${deviceTree}`);
  // With what they need, which is not told before they are unpacked.
  const isBoards = (path: string) =>
    drivers.length > 0 && /\/kernel\/drivers\/(mmc|net\/(usb|mii)|scsi|usb)\b.*\.ko/.test(path);
  const files: string[] = [];
  for (const part of [real, ...parts])
    files.push(
      ...(await unpack(
        newest(part),
        (path) => isKernel(path) || isTree(path) || isDriver(path) || isBoards(path),
      )),
    );
  for (const file of files) {
    if (/^vmlinu[xz]/.test(basename(file))) copyFileSync(file, join(target, 'kernel'));
    if (file.endsWith('.dtb')) copyFileSync(file, join(target, 'board.dtb'));
  }
  const packed = files.filter((file) => file.endsWith('.ko.xz'));
  if (packed.length > 0) await succeed(['xz', '--decompress', ...packed]);
  unpackModules(
    files.filter((file) => /\.ko(\.xz)?$/.test(file)).map((file) => file.replace(/\.xz$/, '')),
    join(target, 'modules'),
    drivers.length === 0 ? [] : [...drivers, 'sd_mod'],
  );
  const [busybox] = await unpack(newest('busybox-static'), (path) => /^(usr\/)?bin\/busybox$/.test(path));
  if (busybox === undefined) throw new Error('busybox-static has no busybox');
  copyFileSync(busybox, join(target, 'busybox'));
  rmSync(join(target, 'tree'), { recursive: true });
}

function isKernel(path: string): boolean {
  return /^(boot\/vmlinu[xz]-|usr\/lib\/modules\/[^/]+\/vmlinu[xz]$)/.test(path);
}

function isDriver(path: string): boolean {
  return /\/kernel\/(drivers\/(virtio|block\/virtio_blk|net\/virtio_net|net\/net_failover|net\/ethernet\/intel\/e1000\/e1000)|net\/core\/failover)[^/]*(\/[^/]*)?\.ko/.test(
    path,
  );
}
