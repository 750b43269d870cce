import { architectures } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { formatEntry } from '../../core/entry.ts';
import { withImplied } from '../../core/flags.ts';
import { formatRule, type Rule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { KernelTable } from '../../host/kernel-table.ts';
import { SystemError, ignoring } from '../../host/system-error.ts';
import { canTake } from './configured-rule.ts';
import type { NativeWatch } from './native-watch.ts';

/**
 * Registers a rule that is not one of ours, exactly as it is written. An entry of that name that is another one stays:
 * systemd-binfmt would remove it.
 *
 * @param watch of what must go on running without an emulator
 * @returns whether it was there already
 * @throws AnyarchError ANYARCH_NATIVE_ARCHITECTURE, ANYARCH_REGISTER_FAILED, ANYARCH_PROBE_FAILED when native programs
 *   do not run with it; then it has been taken back
 */
export function writeRule(host: Pick<Host, 'binfmt'>, rule: Rule, watch: NativeWatch): 'kept' | 'registered' {
  const taken = architectures.find((one) => watch.architectures.has(one.name) && canTake(rule, one));
  if (taken !== undefined) {
    throw new AnyarchError(
      'ANYARCH_NATIVE_ARCHITECTURE',
      `it can take programs of ${taken.name}, which run natively`,
    );
  }
  const table = host.binfmt.table();
  const wanted = formatEntry({ ...rule, flags: withImplied(rule.flags), enabled: true });
  const present = readOrUndefined(table, rule.name);
  if (present === wanted) return 'kept';
  if (present !== undefined) {
    throw failed(
      'File exists: there is another entry of that name, which stays as it is',
      'look at it with the command status, and remove it with the tool that made it',
    );
  }
  try {
    table.register(formatRule(rule));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw failed(
      `the kernel refuses it (${error.errno})`,
      reasons[error.errno] ?? `look at the rule: ${decodeUtf8(formatRule(rule))}`,
    );
  }
  if (readOrUndefined(table, rule.name) !== wanted)
    throw failed('the kernel keeps another rule than was written', 'run it again');
  if (rule.kind === 'magic') requireNative(table, rule.name, watch);
  return 'registered';
}

/** Each byte of the pattern has been looked at; this is what the kernel makes of it. */
function requireNative(table: KernelTable, name: string, watch: NativeWatch): void {
  const broken = watch.broken();
  if (broken.length === 0) return;
  ignoring(['ENOENT'], () => {
    table.control(name, '-1');
  });
  throw new AnyarchError(
    'ANYARCH_PROBE_FAILED',
    `programs of ${broken.join(', ')}, which run natively, did not run any more with it; it has been removed again`,
    { hint: 'correct its magic and mask' },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'with flag F its interpreter must be in this container: install it here',
  EACCES: 'its interpreter must be executable; --privileged gives the right to register',
  EPERM: '--privileged gives the right to register',
};

function readOrUndefined(table: KernelTable, name: string): string | undefined {
  return ignoring(['ENOENT'], () => table.read(name));
}

function failed(message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_REGISTER_FAILED', message, { hint });
}
