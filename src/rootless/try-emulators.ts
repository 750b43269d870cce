import { AnyarchError } from '../core/error.ts';
import {
  newNamespaceCommand,
  recordWantedTable,
  type EnsuredArchitecture,
  type WantedTable,
} from '../private-table/index.ts';
import type { EngineContext } from './engine.ts';
import { ensureInside } from './ensure-inside.ts';
import { trialDirectory } from './own-directory.ts';
import type { Prepared } from './prepare.ts';
import { notIn } from './wanted.ts';

export interface Tried {
  /** Without those that fail: what worked stays. */
  readonly wanted: WantedTable;
  readonly failing: readonly EnsuredArchitecture[];
}

/** Leaves out of what is wanted what does not run, so that it takes the place of nothing. */
export function tryOut(
  parts: Pick<EngineContext, 'host' | 'state' | 'program'>,
  prepared: Pick<Prepared, 'former' | 'wanted'>,
): Tried {
  const { former, wanted } = prepared;
  const failing = failingEmulators(parts, {
    ...wanted,
    architectures: notIn(wanted, former ?? { architectures: [] }),
  });
  const fails = (name: string): boolean => failing.some(({ architecture }) => architecture === name);
  const architectures = wanted.architectures.flatMap((one) =>
    fails(one.architecture)
      ? (former?.architectures ?? []).filter(({ architecture }) => architecture === one.architecture)
      : [one],
  );
  const isKept = failing.length > 0 && architectures.every(({ architecture }) => fails(architecture));
  return { failing, wanted: { ...wanted, architectures: isKept ? [] : architectures } };
}

/**
 * Executes a probe with each emulator in a namespace that ends with the trial, before it takes the place of one that works.
 *
 * @returns those that fail; none where no namespace can be made, which the engines' own tell better
 */
function failingEmulators(
  context: Pick<EngineContext, 'host' | 'state' | 'program'>,
  wanted: WantedTable,
): readonly EnsuredArchitecture[] {
  if (wanted.architectures.length === 0) return [];
  const { host, program } = context;
  const state = trialDirectory(context.state);
  try {
    recordWantedTable(host, state, wanted);
    const { architectures } = ensureInside({ host, state, program }, 'nobody', newNamespaceCommand(host));
    return architectures.filter(({ outcome }) => outcome === 'failed');
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.debug(`emulators cannot be tried out before: ${error.message}`);
    return [];
  } finally {
    host.files.remove(state);
  }
}
