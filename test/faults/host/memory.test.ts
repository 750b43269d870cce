import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needs, type Requirement } from '../../support/engines/requirements.ts';
import { confinedLaboratory, type ConfinedLaboratory } from '../../support/faults/confined.ts';
import { testFault } from '../../support/faults/fault.ts';
import { busybox } from '../../support/fixtures/busybox.ts';
import { guests } from '../../support/fixtures/guests.ts';

/** Version 1 of control groups, as some containers and old distributions have them, or version 2. */
const hierarchy = mounted('/sys/fs/cgroup/memory/memory.limit_in_bytes')
  ? { path: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' }
  : { path: '/sys/fs/cgroup', limit: 'memory.max' };

const needsMemoryGroups: Requirement = {
  missing: () =>
    hierarchy.limit === 'memory.limit_in_bytes' || controllers().includes('memory')
      ? undefined
      : 'needs control groups that limit memory',
};

describeWith([needs.root, needs.qemu, needs.apt, needsMemoryGroups], 'memory that is limited', () => {
  testFault(() => limitedLaboratory(), {
    name: 'a guest needs more than its control group may have',
    cause: 'memory-limit',
    inject: async (laboratory) => {
      await laboratory.confine(inGroup(laboratory.group));
    },
    // A shell says which program was killed; the exit keeps it from becoming that program.
    command: ({ guest }) => [
      'bash',
      '-c',
      `${join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-s390x')} ${guest} dd if=/dev/zero of=/dev/null bs=400M count=1; exit $?`,
    ],
    remedy: ({ group }) => {
      writeFileSync(join(group, hierarchy.limit), `${2 ** 31}`);
      return Promise.resolve();
    },
  });
});

interface LimitedLaboratory extends ConfinedLaboratory {
  readonly group: string;
  readonly guest: string;
}

async function limitedLaboratory(): Promise<LimitedLaboratory> {
  const guest = await busybox(guests.s390x);
  const laboratory = await confinedLaboratory({ place: [] });
  const group = join(hierarchy.path, `anyarch-fault-${process.pid}`);
  mkdirSync(group);
  // Enough for the doctor, which runs in it, too.
  writeFileSync(join(group, hierarchy.limit), `${300 * 1024 * 1024}`);
  return {
    ...laboratory,
    group,
    guest,
    close: async () => {
      await laboratory.close();
      rmdirSync(group);
    },
  };
}

function inGroup(group: string): readonly string[] {
  return ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'];
}

function controllers(): string {
  return mounted('/sys/fs/cgroup/cgroup.subtree_control')
    ? readFileSync('/sys/fs/cgroup/cgroup.subtree_control', 'utf8')
    : '';
}

function mounted(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
