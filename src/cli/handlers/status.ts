import { AnyarchError } from '../../core/error.ts';
import { status as readStatus } from '../../registration/index.ts';
import type { Context, Handler, Outcome } from '../command.ts';
import type { status } from '../commands/status.ts';
import { statusOutcome } from '../reports/status.ts';
import type { TableLookedUp } from '../reports/table-in-force.ts';

export const handleStatus: Handler<(typeof status)['options']> = async ({ options, context }) => {
  const { pid, engine, user } = options;
  if (pid === undefined && engine === undefined && user === undefined)
    return plainStatus(context, options.probe === true);
  const { chosenProcesses } = await import('./process-options.ts');
  const { tableInForceOutcome } = await import('../reports/table-in-force.ts');
  const pids = chosenProcesses(context.host, {
    ...(pid === undefined ? {} : { pid }),
    ...(engine === undefined ? {} : { engine }),
    ...(user === undefined ? {} : { user }),
  });
  const looked = await lookUpAll(context, pids ?? []);
  const [first] = looked;
  // A single one that cannot be looked at is what the command failed with.
  if (looked.length === 1 && first !== undefined && 'error' in first) throw first.error;
  return tableInForceOutcome(looked, { user, style: context.terminal.style });
};

async function plainStatus({ host, terminal }: Context, probe: boolean): Promise<Outcome> {
  const { ownNamespace } = await import('../../table-in-force/index.ts');
  return statusOutcome(readStatus(host, { probe }), terminal.style, ownNamespace(host));
}

async function lookUpAll({ host }: Context, pids: readonly number[]): Promise<TableLookedUp[]> {
  const { tableInForce } = await import('../../table-in-force/index.ts');
  return pids.map((pid): TableLookedUp => {
    try {
      return { pid, found: tableInForce(host, pid) };
    } catch (error) {
      if (error instanceof AnyarchError) return { pid, error };
      throw error;
    }
  });
}
