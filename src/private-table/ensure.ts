import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { acquireLock, type Lock } from '../host/lock.ts';
import { SystemError } from '../host/system-error.ts';
import {
  readTable,
  reportedError,
  touchAutofs,
  withProver,
  withTableLock,
  type Prover,
  type Table,
} from '../registration/index.ts';
import { copyEntries } from './copy-entries.ts';
import type { Ensured, EnsuredArchitecture } from './ensured.ts';
import { handledByEntries, handledByOthers } from './handled.ts';
import { mountOwnTable, requireOwnNamespace } from './namespace.ts';
import { isComplete } from './is-complete.ts';
import { isInForce, putIn } from './put-in.ts';
import { userStateDirectory } from './user-state.ts';
import { wantedRules, type WantedRule } from './wanted-rule.ts';
import type { WantedTable } from './wanted-table.ts';

export interface EnsureOptions {
  /** Execute a probe of each architecture afterwards. */
  readonly probe: boolean;
  /** Where those that do the same at once wait for each other. Default: the calling user's. */
  readonly state?: string;
}

/**
 * Sees to it that the user namespace of this process, as whose root it runs, handles all that is wanted. Idempotent, and
 * safe beside others that do the same. Nothing is mounted where the host's table handles it already.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE in the initial user namespace and where the kernel has no private tables,
 *   ANYARCH_PERMISSION, ANYARCH_LOCKED, ANYARCH_STATE_INVALID, ANYARCH_BINFMT_UNSUPPORTED, ANYARCH_BINFMT_NOT_MOUNTED,
 *   ANYARCH_BINFMT_DISABLED. What fails for one architecture is in the result.
 */
export function ensurePrivateTable(host: Host, wanted: WantedTable, options: EnsureOptions): Ensured {
  requireOwnNamespace(host);
  if (!options.probe && isComplete(host, wanted))
    return {
      table: 'kept',
      architectures: wanted.architectures.map(({ architecture }) => ({ architecture, outcome: 'kept' })),
      copied: [],
      notCopied: [],
    };
  const rules = wantedRules(wanted);
  const { state = userStateDirectory(host.system) } = options;
  return alone(host, state, () =>
    withProver(host, state, (prover) => {
      const ensured = host.binfmt.isOwn() ? complete(host, rules) : makeTable(host, rules, prover);
      return options.probe ? probed(ensured, prover) : ensured;
    }),
  );
}

/** Two that mount at the same time would mount twice; where there is no place for a lock, that is what happens. */
function alone<T>(host: Host, state: string, action: () => T): T {
  const lock = lockOrNone(host, `${state}/rootless.lock`);
  try {
    return action();
  } finally {
    lock?.release();
  }
}

function lockOrNone(host: Host, path: string): Lock | undefined {
  try {
    return acquireLock(host, path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    host.log.debug(`without the lock ${path}: ${error.message}`);
    return undefined;
  }
}

function complete(host: Host, rules: readonly WantedRule[]): Ensured {
  const architectures = fill(host, rules, (table) => handledByEntries(rules, table));
  return { table: 'kept', architectures, copied: [], notCopied: [] };
}

function makeTable(host: Host, rules: readonly WantedRule[], prover: Prover): Ensured {
  touchAutofs(host);
  const hosts = readTable(host);
  const handled = handledByOthers(rules, hosts, prover);
  const isHandled = ({ architecture }: WantedRule): boolean => handled.has(architecture);
  const missing = rules.filter((one) => !isHandled(one));
  // A table without an entry of ours would only hide the host's.
  if (missing.every((one) => vanished(host, one) !== undefined)) {
    const architectures = rules.map((one) =>
      isHandled(one) ? byHost(one) : failed(one, vanished(host, one)),
    );
    return { table: 'none', architectures, copied: [], notCopied: [] };
  }
  mountOwnTable(host);
  const copies = withTableLock(host, (locked) => copyEntries(locked, hosts, missing));
  // What was copied may have been opened from another file than the host's: it counts when it runs.
  const architectures = fill(host, rules, (table) => handledByOthers(rules.filter(isHandled), table, prover));
  return { table: 'made', architectures, ...copies };
}

/** @param handledIn says which architectures need no entry of ours, by what there is */
function fill(
  host: Host,
  rules: readonly WantedRule[],
  handledIn: (table: Table) => ReadonlySet<string>,
): EnsuredArchitecture[] {
  return withTableLock(host, (locked) => {
    const table = readTable(locked);
    if (!table.enabled)
      throw new AnyarchError('ANYARCH_BINFMT_DISABLED', `the private table ${table.path} is switched off`, {
        hint: `in that namespace: echo 1 > ${table.path}/status`,
      });
    const handled = handledIn(table);
    return rules.map((one) =>
      handled.has(one.architecture) ? byHost(one) : putInOrFail(locked, one, table),
    );
  });
}

/** Each for itself: what fails for one architecture is no reason to go without the others. */
function putInOrFail(host: Host, rule: WantedRule, { entries }: Table): EnsuredArchitecture {
  const { architecture } = rule;
  if (entries.some((entry) => isInForce(host, rule, entry))) {
    // Only takes away what a killed process left.
    putIn(host, rule, entries);
    return { architecture, outcome: 'kept' };
  }
  const gone = vanished(host, rule);
  if (gone !== undefined) return failed(rule, gone);
  try {
    return { architecture, outcome: putIn(host, rule, entries) };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return failed(rule, error);
  }
}

function vanished(
  { files }: Host,
  { architecture, rule: { interpreter } }: WantedRule,
): AnyarchError | undefined {
  if (files.isExecutable(interpreter)) return undefined;
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `the emulator of ${architecture} is gone, or may not be executed: ${interpreter}`,
    { hint: 'anyarch rootless enable' },
  );
}

function probed(ensured: Ensured, prover: Prover): Ensured {
  const proofs = prover.prove(ensured.architectures.map(({ architecture }) => architecture));
  const architectures = ensured.architectures.map((one): EnsuredArchitecture => {
    const proof = proofs.get(one.architecture);
    if (one.outcome === 'failed' || proof?.status !== 'failed') return one;
    const { reason, hint } = proof;
    return failed(one, new AnyarchError('ANYARCH_PROBE_FAILED', `${one.architecture}: ${reason}`, { hint }));
  });
  return { ...ensured, architectures };
}

function byHost({ architecture }: WantedRule): EnsuredArchitecture {
  return { architecture, outcome: 'host' };
}

function failed(
  { architecture }: Pick<WantedRule, 'architecture'>,
  error: AnyarchError | undefined,
): EnsuredArchitecture {
  return { architecture, outcome: 'failed', ...(error === undefined ? {} : { error: reportedError(error) }) };
}
