import { compareQemuVersions } from '../../core/version.ts';
import { describedEmulator, descriptionsDirectory } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

/** In the layout of `binfmt/9a44d27 qemu/v6.0.0 go/1.15.11`. */
export function versionLine(host: Host, version: string): string {
  return `binfmt/${version} qemu/${newestQemu(host) ?? 'unknown'} anyarch/${version}`;
}

function newestQemu(host: Host): string | undefined {
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => host.files.list(descriptionsDirectory)) ?? [];
  const versions = names
    .map((name) => name.replace(/\.json$/, ''))
    .flatMap((target) => describedEmulator(host, target, `/usr/bin/qemu-${target}-static`)?.version ?? [])
    .sort(compareQemuVersions);
  const newest = versions[versions.length - 1];
  return newest === undefined ? undefined : `v${newest}`;
}
