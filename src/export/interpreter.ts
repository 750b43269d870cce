import { AnyarchError } from '../core/error.ts';
import { chooseEmulator, requireEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { rootOwners, untrustedPath } from '../host/trusted-path.ts';
import type { ExportWish } from './wish.ts';

export interface Interpreter {
  readonly path: string;
  /** As far as it can be known. */
  readonly preservesArgv0: boolean;
  /** Why it will not do as it is. */
  readonly warning: string | undefined;
  /** It must be there at registration, and is not yet. */
  readonly isMissing: boolean;
}

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;

/**
 * What a rule for the target names: where the caller says that emulators will be, or the one that `register` would take.
 *
 * @param target QEMU's target name
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_EMULATOR_UNTRUSTED
 */
export function interpreterFor(host: Parts, target: string, wish: ExportWish): Interpreter {
  const { interpreters } = wish;
  if (interpreters !== undefined) {
    return givenInterpreter(
      host,
      target,
      `${interpreters.directory}/qemu-${target}${interpreters.suffix}`,
      wish,
    );
  }
  const { path, preservesArgv0 } = requireEmulator(host, target, {
    qemu: wish.qemu,
    allowDynamic: !wish.fixBinary,
  });
  return { path, preservesArgv0, warning: checkTrust(host, path, wish), isMissing: false };
}

function givenInterpreter(host: Parts, target: string, path: string, wish: ExportWish): Interpreter {
  const unseen: Interpreter = { path, preservesArgv0: true, warning: undefined, isMissing: false };
  // Another machine's files are not here to be looked at.
  if (wish.hostArchitecture !== undefined) return unseen;
  if (!host.files.isExecutable(path)) return { ...unseen, isMissing: wish.fixBinary };
  const isAsked = wish.preserveArgv0 === 'auto';
  const found = isAsked
    ? chooseEmulator(host, target, { qemu: path, allowDynamic: true }).emulator
    : undefined;
  return { ...unseen, preservesArgv0: found?.preservesArgv0 ?? true, warning: checkTrust(host, path, wish) };
}

/** A rule that outlives the boot is trusted by everybody: with flag C it runs as root for setuid programs. */
function checkTrust({ files }: Parts, path: string, { credentials, force }: ExportWish): string | undefined {
  const reason = untrustedPath(files, files.resolve(path), rootOwners(files));
  if (reason === undefined) return undefined;
  const message = `others than root can replace ${path}: ${reason}`;
  if (!credentials || force) return message;
  throw new AnyarchError('ANYARCH_EMULATOR_UNTRUSTED', `${message}, and with flag C it runs as root`, {
    hint: 'fetch emulators as root (sudo anyarch emulators fetch), or take it all the same: --force',
  });
}
