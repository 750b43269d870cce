import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';
import { describedEmulator, requireEmulator, type Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';

const usualDirectory = '/usr/bin';

/**
 * The emulators that QEMU_BINARY_PATH and QEMU_BINARY_PREFIX name: `<path>/<prefix>qemu-aarch64`, or the same with
 * `-static`, as it is in anyarch's images.
 *
 * @throws AnyarchError ANYARCH_USAGE for a prefix with a slash
 * @returns which throws ANYARCH_EMULATOR_NOT_FOUND
 */
export function emulatorChooser(host: Host): (target: string) => Emulator {
  const { directory, prefix } = placeOf(host);
  if (prefix.includes('/')) {
    throw new AnyarchError('ANYARCH_USAGE', `QEMU_BINARY_PREFIX is ${quote(prefix)}, which has a slash`, {
      hint: 'name the directory with QEMU_BINARY_PATH',
    });
  }
  return (target) => {
    const names = [`${prefix}qemu-${target}`, `${prefix}qemu-${target}-static`];
    const found = names
      .map((name) => (directory === '/' ? `/${name}` : `${directory}/${name}`))
      .find((candidate) => host.files.status(candidate) !== undefined);
    if (found === undefined) throw notFound(target, directory, names);
    return describedEmulator(host, target, found) ?? requireGiven(host, target, found);
  };
}

/** Why `all` means nothing here. */
export function noEmulatorAtAll(host: Pick<Host, 'system'>): AnyarchError {
  const { directory, prefix } = placeOf(host);
  const names = `${prefix}qemu-TARGET and ${prefix}qemu-TARGET-static`;
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `${directory} has none of the emulators that "all" stands for (${names} were looked for)`,
    { hint },
  );
}

function placeOf({ system }: Pick<Host, 'system'>): { readonly directory: string; readonly prefix: string } {
  const { QEMU_BINARY_PATH: path, QEMU_BINARY_PREFIX: prefix = '' } = system.environment;
  const directory = path === undefined || path === '' ? usualDirectory : path.replace(/(?<=.)\/+$/, '');
  return { directory, prefix };
}

const hint = 'use an image that has it, or mount a directory of emulators and set QEMU_BINARY_PATH to it';

function notFound(target: string, directory: string, names: readonly string[]): AnyarchError {
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `there is no emulator for ${target} in ${directory} (${names.join(', ')})`,
    { hint },
  );
}

function requireGiven(host: Host, target: string, path: string): Emulator {
  try {
    return requireEmulator(host, target, { qemu: path });
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_EMULATOR_NOT_FOUND') throw error;
    throw new AnyarchError('ANYARCH_EMULATOR_UNUSABLE', error.message, {
      hint: 'replace it with a static QEMU for this machine, such as those of Debian',
      cause: error,
    });
  }
}
