import { AnyarchError } from '../../core/error.ts';
import { status as readStatus } from '../../registration/index.ts';
import type { Context, Handler } from '../command.ts';
import type { status } from '../commands/status.ts';
import { statusOutcome } from '../reports/status.ts';
import type { TableLookedUp } from '../reports/table-in-force.ts';

export const handleStatus: Handler<(typeof status)['options']> = async ({ options, context }) => {
  const { pid, engine, user } = options;
  if (pid === undefined && engine === undefined && user === undefined)
    return statusOutcome(readStatus(context.host, { probe: options.probe === true }), context.terminal.style);
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
