import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault } from '../support/faults/fault.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { privateLaboratory } from '../support/faults/laboratory.ts';

describeWith([needs.qemu, needs.hostTable], 'a table that is not mounted', () => {
  testFault(() => privateLaboratory({ mounted: false }), {
    name: 'nothing is mounted, and a command is to register',
    cause: 'binfmt-not-mounted',
    isBrokenFromTheStart: true,
    inject: () => Promise.resolve(),
    command: ({ directory }) => [foreignProgram(directory)],
    works: ({ exitCode }) => exitCode === 42,
    remedy: async (laboratory: Laboratory) => {
      await laboratory.anyarch(['register', 's390x']);
    },
  });
});

/** Exits with 42. */
function foreignProgram(directory: string): string {
  const path = join(directory, 'foreign');
  writeFileSync(path, buildProbe('s390x'), { mode: 0o755 });
  return path;
}
