import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';

/** Milliseconds without any sign of progress after which an arm64 machine on an idle host counts as stopped. */
const stallMs = 120_000;
/** Milliseconds that it has from a login prompt to the first command over SSH. */
const loginToSshMs = 180_000;
/** Milliseconds that it has from a login prompt to an SSH server's greeting, when cloud-init saw no address. */
const withoutAddressMs = 20_000;
/** Milliseconds that it has from a login prompt until its SSH server has the key that it was made with. */
const afterKeysMs = 20_000;
/** Milliseconds of silence, on the console and at the SSH port, from a login prompt on. */
const withoutNetworkMs = 60_000;

export interface Patience {
  /** Milliseconds without any sign of progress. */
  readonly stallMs: number;
  /** Milliseconds from the end of the boot, as the console tells it, to a command over SSH. */
  readonly afterBootMs: number;
  /** From the end of the boot to an SSH server's greeting, for a guest whose network has no address by what it prints. */
  readonly withoutAddressMs: number;
  /** From the end of the boot until it proves itself with the key that it was made with. */
  readonly afterKeysMs: number;
  /** From the end of the boot to any answer at the SSH port, for a guest that is silent elsewhere, too. */
  readonly withoutNetworkMs: number;
  /** What one attempt over the network may take, in milliseconds. */
  readonly attemptMs: number;
  /** What a large program in the guest may take that is told to do something, in milliseconds: cloud-init is Python. */
  readonly programMs: number;
}

/**
 * How long to wait, by how slow the machine is and how busy the host is now: a guest that gets a tenth of a processor has
 * not failed when it takes ten times as long.
 *
 * @param slowness `MachineDefinition.slowness`
 */
export function patience(files: Files, slowness: number): Patience {
  const factor = Math.max(slowness, 1) * busyness(files);
  return {
    stallMs: stallMs * factor,
    afterBootMs: loginToSshMs * factor,
    withoutAddressMs: withoutAddressMs * factor,
    afterKeysMs: afterKeysMs * factor,
    withoutNetworkMs: withoutNetworkMs * factor,
    attemptMs: 10_000 * factor,
    programMs: 180_000 * factor,
  };
}

/** Processes that want a processor for each one that there is, between 1 and 16. */
export function busyness(files: Files): number {
  const load = read(files, '/proc/loadavg');
  const processors = read(files, '/proc/stat')?.match(/^cpu\d+ /gm)?.length ?? 1;
  const wanting = Number(load?.split(' ')[0] ?? 0);
  return Math.min(Math.max(Number.isFinite(wanting) ? wanting / processors : 1, 1), 16);
}

function read(files: Files, path: string): string | undefined {
  return ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read(path)));
}
