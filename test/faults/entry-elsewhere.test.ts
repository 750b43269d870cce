import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault } from '../support/faults/fault.ts';
import { exitsWith42, foreignCommand, foreignProgram, mustRun } from '../support/faults/foreign.ts';
import { laboratoryWith, type Laboratory } from '../support/faults/laboratory.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';

interface OuterLaboratory extends Laboratory {
  readonly table: PrivateTable;
  /** What ends with the laboratory. */
  readonly opened: PrivateTable[];
}

describeWith([needs.qemu, needs.hostTable], 'an entry in another table', () => {
  testFault(outerLaboratory, {
    name: 'a container without root has registered it for itself',
    cause: 'entry-in-another-table',
    isBrokenFromTheStart: true,
    command: (laboratory) => foreignCommand(laboratory),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
    inject: async ({ table, opened }) => {
      const inner = await openPrivateTable({ within: table });
      opened.push(inner);
      await mustRun(inside(inner), 'register', 's390x');
    },
  });
});

/** The host of the story, with a table without the entry. */
async function outerLaboratory(): Promise<OuterLaboratory> {
  const table = await openPrivateTable();
  const opened = [table];
  const laboratory = inside(table, async () => {
    for (const one of opened.reverse()) await one.close();
  });
  await mustRun(laboratory, 'register', 'riscv64');
  return { ...laboratory, table, opened };
}

function inside({ pid }: PrivateTable, close: () => Promise<void> = () => Promise.resolve()): Laboratory {
  const enter = ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  return laboratoryWith((command) => [...enter, ...command], close);
}
