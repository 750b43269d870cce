import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { readWantedTable, type WantedTable } from '../private-table/index.ts';

/** What is recorded as wanted; a damaged record is none, which is said. It is replaced or removed by all that follows. */
export function readableRecord(host: Pick<Host, 'files' | 'log'>, state: string): WantedTable | undefined {
  try {
    return readWantedTable(host, state);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.warn(error.message);
    return undefined;
  }
}

export const nothingWanted: WantedTable = { schema: 1, architectures: [], at: '', by: '' };
