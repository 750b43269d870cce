import { formatCanonicalJson } from '../../core/oci/canonical-json.ts';
import { descriptionsDirectory } from '../../emulators/index.ts';
import { textFile } from './entry.ts';
import type { ImageEmulator } from './image-emulator.ts';
import type { LayerContent } from './layer.ts';

/** An emulator under the names of all predecessors, and its description. */
export function emulatorLayer(emulator: ImageEmulator): LayerContent {
  const { target, version, size, sha256, file } = emulator;
  const path = emulatorPath(target);
  return {
    what: `QEMU ${version} for ${target}`,
    entries: [
      {
        kind: 'file',
        path: path.slice(1),
        mode: 0o755,
        content: { kind: 'disk', file, size, sha256 },
      },
      // tonistiigi/binfmt's name, which Dockerfiles copy from. A hard link: what copies it need not follow anything.
      { kind: 'link', path: `usr/bin/qemu-${target}`, target: path.slice(1) },
      textFile(
        `${descriptionsDirectory.slice(1)}/${target}.json`,
        `${formatCanonicalJson(description(emulator))}\n`,
      ),
    ],
  };
}

/** @param target QEMU's name */
export function emulatorPath(target: string): string {
  return `/usr/bin/qemu-${target}-static`;
}

/** The program reads it instead of executing 33 emulators (src/emulators/described.ts). */
function description({
  target,
  version,
  packageVersion,
  linkage,
  preservesArgv0,
  size,
  sha256,
  source,
}: ImageEmulator) {
  return {
    schema: 1,
    target,
    path: emulatorPath(target),
    version,
    packageVersion,
    linkage,
    preservesArgv0,
    size,
    sha256,
    ...(source === undefined ? {} : { package: { ...source } }),
  };
}
