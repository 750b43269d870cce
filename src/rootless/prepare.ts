import type { Host } from '../host/host.ts';
import type { WantedTable } from '../private-table/index.ts';
import type { ChosenEngine } from './choose-engines.ts';
import { enabledEngines, engineOf } from './enabled.ts';
import type { EngineName } from './engine.ts';
import { handledByHost } from './handled-by-host.ts';
import { ownTableOf } from './lasting-namespace.ts';
import type { EnableOptions } from './options.ts';
import { hookProgramPath } from './own-directory.ts';
import { readableRecord } from './readable-record.ts';
import { wantedTable } from './wanted.ts';

/** What was, and what is to be. */
export interface Prepared {
  readonly former: WantedTable | undefined;
  readonly wanted: WantedTable;
  readonly byHost: ReadonlySet<string>;
  /** Engines that are enabled. */
  readonly before: readonly EngineName[];
}

/** Changes nothing but for a moment. @throws AnyarchError ANYARCH_STATE_INVALID */
export async function prepare(
  host: Host,
  { state, emulated, command }: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<Prepared> {
  const former = readableRecord(host, state);
  const before = enabledEngines(host, state);
  const names = emulated.map(({ architecture }) => architecture.name);
  const byHost = new Set(handledByHost(host, state, names));
  if (byHost.size > 0) {
    // A table that was left in a namespace hides the host's.
    const wanted = wantedTable(host, emulated, new Set());
    const context = { host, state, wanted, command, program: hookProgramPath(state) };
    const concerned = new Set([...chosen.map(({ engine }) => engine), ...before.map(engineOf)]);
    for (const engine of concerned) {
      const { architectures = [] } = (await ownTableOf(context, engine)) ?? {};
      for (const { architecture, works } of architectures) if (!works) byHost.delete(architecture);
    }
  }
  return { former, before, wanted: wantedTable(host, emulated, byHost), byHost };
}
