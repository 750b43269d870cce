import { join } from 'node:path';
import { useHostTable } from '../../support/engines/host-table.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { must, useEnginePlace } from '../../support/faults/engines/engine-place.ts';
import { startRootlessPodman } from '../../support/faults/engines/places.ts';
import { testFault } from '../../support/faults/fault.ts';
import { mustRun } from '../../support/faults/foreign.ts';

const required = [needs.root, needs.qemu, needs.podman, needs.hostTable, needs.testUser];

describeWith(required, 'rootless podman, enabled once', () => {
  useHostTable();
  const { open } = useEnginePlace(() => startRootlessPodman([]));

  testFault(
    async () => {
      const laboratory = await open();
      await mustRun(laboratory, 'rootless', 'enable', 'podman', '-a', 's390x');
      return {
        ...laboratory,
        close: async () => {
          await mustRun(laboratory, 'rootless', 'disable', 'podman');
          await laboratory.close();
        },
      };
    },
    {
      name: 'the drop-in is gone by which each new namespace gets its table',
      cause: 'rootless-broken',
      inject: async (laboratory) => {
        const configuration = laboratory.environment['XDG_CONFIG_HOME'] ?? '';
        await must(laboratory, 'rm', '-r', join(configuration, 'containers/containers.conf.d'));
        await must(laboratory, 'podman', 'system', 'migrate');
      },
      command: () => ['anyarch', 'rootless', 'status', 'podman'],
    },
  );
});
