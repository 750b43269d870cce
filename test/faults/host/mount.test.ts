import { CLONE_NEWNS, MS_PRIVATE, MS_REC } from '../../../src/core/launcher/constants.ts';
import { binfmtMiscPath } from '../../../src/host/node/node-binfmt.ts';
import { describeFailure } from '../../support/command.ts';
import { useHostTable } from '../../support/engines/host-table.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { testFault, type InjectedFault } from '../../support/faults/fault.ts';
import {
  exitsWith42,
  foreignCommand,
  foreignProgram,
  mustRun,
  writeToTable,
} from '../../support/faults/foreign.ts';
import { laboratoryWith, privateLaboratory, type Laboratory } from '../../support/faults/laboratory.ts';
import { startHolder } from '../../support/holder.ts';
import { openPrivateTable } from '../../support/private-table.ts';

const aForeignProgram: Pick<InjectedFault, 'command' | 'works' | 'ask'> = {
  command: (laboratory) => foreignCommand(laboratory),
  works: exitsWith42,
  ask: ({ directory }) => ['--file', foreignProgram(directory)],
};

async function registered(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await mustRun(laboratory, 'register', 's390x');
  return laboratory;
}

describeWith([needs.qemu, needs.hostTable], 'the mount of the table', () => {
  testFault(() => privateLaboratory({ mounted: false }), {
    ...aForeignProgram,
    name: 'nothing is mounted',
    cause: 'binfmt-not-mounted',
    isBrokenFromTheStart: true,
    inject: () => Promise.resolve(),
  });

  testFault(registered, {
    name: 'it is mounted read-only',
    cause: 'binfmt-read-only',
    command: () => ['sh', '-c', 'anyarch unregister s390x && anyarch register s390x'],
    inject: async (laboratory) => {
      const result = await laboratory.run(['mount', '-o', 'remount,bind,ro', binfmtMiscPath]);
      if (result.exitCode !== 0) throw new Error(describeFailure(result));
    },
  });

  testFault(registered, {
    ...aForeignProgram,
    name: 'all entries are switched off at once',
    cause: 'binfmt-disabled',
    inject: (laboratory) => writeToTable(laboratory, 'status', '0'),
  });

  testFault(insideAnother, {
    ...aForeignProgram,
    name: 'another one is mounted in an inner namespace, which starts empty',
    cause: 'own-table-empty',
    inject: async (laboratory) => {
      const result = await laboratory.run(['mount', '-t', 'binfmt_misc', 'none', binfmtMiscPath]);
      if (result.exitCode !== 0) throw new Error(describeFailure(result));
    },
  });
});

/** In a namespace without a table of its own, within one whose table has an entry. */
async function insideAnother(): Promise<Laboratory> {
  const outer = await openPrivateTable();
  const around = laboratoryWith((command) => [...entering(outer.pid), ...command], outer.close);
  await mustRun(around, 'register', 's390x');
  const inner = await openPrivateTable({ within: outer, mounted: 'inherited' });
  return laboratoryWith(
    (command) => [...entering(inner.pid), ...command],
    async () => {
      await inner.close();
      await outer.close();
    },
  );
}

function entering(pid: number): string[] {
  return ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
}

/** Only the real root mounts an autofs, over the host's table in a mount namespace of its own. */
describeWith([needs.root, needs.qemu, needs.hostTable], 'an automount point', () => {
  useHostTable();

  testFault(unservedAutomount, {
    ...aForeignProgram,
    name: 'whoever looks into it waits for ever',
    cause: 'autofs-not-triggered',
    isBrokenFromTheStart: true,
    inject: () => Promise.resolve(),
    remedy: async (laboratory) => {
      const unmounted = await laboratory.run(['umount', '--lazy', binfmtMiscPath]);
      if (unmounted.exitCode !== 0) throw new Error(describeFailure(unmounted));
      await mustRun(laboratory, 'register', 's390x');
    },
  });
});

/** Where an autofs lies over the table that nobody serves. */
async function unservedAutomount(): Promise<Laboratory> {
  const { pid, close } = await startHolder([
    { call: 'unshare', arguments: [CLONE_NEWNS] },
    { call: 'mount', arguments: ['none', '/', 0, MS_REC | MS_PRIVATE, 0] },
    // Descriptors 4 and 5: 0 to 3 are taken. Requests would come out of 4; nobody reads them.
    { call: 'pipe2', arguments: [new Uint8Array(8), 0] },
    {
      call: 'mount',
      arguments: ['automount', binfmtMiscPath, 'autofs', 0, 'fd=5,minproto=5,maxproto=5,direct'],
    },
  ]);
  const laboratory = laboratoryWith(
    (command) => ['nsenter', '--target', `${pid}`, '--mount', '--', ...command],
    close,
  );
  return {
    ...laboratory,
    close: async () => {
      try {
        await mustRun(laboratory, 'unregister', 's390x');
      } finally {
        await close();
      }
    },
  };
}
