import { treeBind } from '../../../accelerate/index.ts';
import type { Architecture } from '../../../core/architecture.ts';
import type { Emulator } from '../../../emulators/index.ts';
import type { Host } from '../../../host/host.ts';
import { parseVolume, type Bind, type GuestRoot } from '../../../run/index.ts';

/** What runs the guest's programs; nothing where they are native. */
export interface GuestEmulator {
  readonly architecture: Architecture;
  readonly emulator: Emulator;
}

interface Options {
  readonly volume?: readonly string[];
  readonly env?: readonly string[];
  readonly 'no-accelerate'?: boolean;
}

/** The tool tree comes first: a volume of the caller's is mounted over it. */
export function guestBinds(
  host: Host,
  root: Pick<GuestRoot, 'kind'>,
  emulated: readonly GuestEmulator[],
  options: Options,
  directory: string,
): readonly Bind[] {
  const volumes = (options.volume ?? []).map((volume) => parseVolume(volume, directory, host.files));
  const tree = treeFor(host, root, emulated, options);
  return tree === undefined ? volumes : [tree, ...volumes];
}

/**
 * In the host's /dev there is no place for it that would not stay there; and what is run among the host's files is mostly
 * native.
 */
function treeFor(
  host: Host,
  root: Pick<GuestRoot, 'kind'>,
  emulated: readonly GuestEmulator[],
  options: Options,
): Bind | undefined {
  const isOff = options['no-accelerate'] === true || options.env?.includes('ANYARCH_ACCELERATE=0') === true;
  if (isOff || root.kind === 'host') return undefined;
  return emulated
    .map(({ architecture, emulator }) => treeBind(host, architecture, emulator))
    .find((bind) => bind !== undefined);
}
