import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { entryNames } from '../registration/index.ts';
import { isOutdated } from './put-in.ts';
import type { WantedTable } from './wanted-table.ts';

/**
 * What a hook finds at each start of a container but the first: everything is there under its own name, and nothing half
 * done. What looks otherwise is looked at closely.
 */
export function isComplete(
  host: Pick<Host, 'files' | 'binfmt'>,
  { architectures }: Pick<WantedTable, 'architectures'>,
): boolean {
  if (host.binfmt.state() !== 'mounted' || !host.binfmt.isOwn()) return false;
  const table = host.binfmt.table();
  const names = new Set(table.list());
  return (
    table.enabled() &&
    architectures.every(
      ({ architecture, name, listed, emulator }) =>
        names.has(name) &&
        !names.has(entryNames(architecture).temporary) &&
        ignoring(['ENOENT'], () => table.read(name)) === listed &&
        !isOutdated(host, name, emulator.path),
    )
  );
}
