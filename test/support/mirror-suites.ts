import { buildDeb, fakeEmulator, type TarEntry } from './mirror-package.ts';
import type { MirrorPackage } from './mirror.ts';

export interface QemuPackageOptions {
  readonly packageVersion: string;
  /** What the programs say. */
  readonly version: string;
  readonly targets: readonly string[];
  readonly name?: 'qemu-user' | 'qemu-user-static';
  readonly architecture?: string;
  /** Bytes added to each program. */
  readonly padding?: number;
  /** In the place of what would be made up. */
  readonly programs?: Readonly<Record<string, Uint8Array>>;
}

/** A package of emulators in Debian's layout: directories, programs in alphabetical order, then links. */
export async function qemuPackage(options: QemuPackageOptions): Promise<MirrorPackage> {
  const {
    packageVersion,
    version,
    name = 'qemu-user',
    architecture = 'amd64',
    padding = 0,
    programs = {},
  } = options;
  const suffix = name === 'qemu-user-static' ? '-static' : '';
  const files = [...options.targets].sort().map((target): TarEntry => ({
    name: `./usr/bin/qemu-${target}${suffix}`,
    content: programs[target] ?? fakeEmulator(target, version, packageVersion, padding),
  }));
  const entries: TarEntry[] = [
    { name: './', type: 'directory' },
    { name: './usr/', type: 'directory' },
    { name: './usr/bin/', type: 'directory' },
    ...files,
    { name: './usr/share/doc/qemu-user/README', content: 'read me' },
    { name: `./usr/bin/qemu-arm64${suffix}`, type: 'symlink', linkname: `qemu-aarch64${suffix}` },
  ];
  return { name, version: packageVersion, architecture, deb: await buildDeb(entries) };
}

export const backports = { packageVersion: '1:11.1.3+ds-1~bpo13+1', version: '11.1.3' } as const;
export const stable = { packageVersion: '1:10.0.13+ds-0+deb13u1', version: '10.0.13' } as const;
export const oldStable = {
  packageVersion: '1:7.2+dfsg-7+deb12u18+b3',
  version: '7.2.22',
  name: 'qemu-user-static',
} as const;
