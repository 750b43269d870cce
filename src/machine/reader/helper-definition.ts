import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { definitions } from '../definition/table.ts';

/** What a machine of this host's own architecture is made of: disks hold data, whoever wrote them, and this one is the fastest. */
export function helperDefinition({ system }: Pick<Host, 'system'>): MachineDefinition {
  const own = lookUpArchitecture(system.machine)?.name;
  const found = definitions.find(({ architecture, bus }) => architecture === own && bus !== 'board');
  if (found !== undefined) return found;
  throw new AnyarchError(
    'ANYARCH_HOST_UNSUPPORTED',
    `no machine of this host's architecture (${system.machine}) is known`,
    {
      hint: 'read the disk on an amd64 or arm64 host',
    },
  );
}
