import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { testFault } from '../../support/faults/fault.ts';
import { exitsWith42, foreignCommand, foreignProgram, mustRun } from '../../support/faults/foreign.ts';
import { laboratoryWith, type Laboratory } from '../../support/faults/laboratory.ts';
import { openPrivateTable, type PrivateTable } from '../../support/private-table.ts';

type Opened = Pick<PrivateTable, 'pid' | 'close'>;

interface OuterLaboratory extends Laboratory {
  readonly table: PrivateTable;
  /** What ends with the laboratory. */
  readonly opened: Opened[];
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
      const inner = await openContainer(table);
      opened.push(inner);
      await mustRun(inside(inner), 'register', 's390x');
    },
  });
});

/** The host of the story, with a table without the entry. */
async function outerLaboratory(): Promise<OuterLaboratory> {
  const table = await openPrivateTable();
  const opened: Opened[] = [table];
  const laboratory = inside(table, async () => {
    for (const one of opened.reverse()) await one.close();
  });
  await mustRun(laboratory, 'register', 'riscv64');
  return { ...laboratory, table, opened };
}

function inside(
  { pid }: Pick<PrivateTable, 'pid'>,
  close: () => Promise<void> = () => Promise.resolve(),
): Laboratory {
  const enter = entering(pid);
  return laboratoryWith((command) => [...enter, ...command], close);
}

function entering(pid: number): string[] {
  return ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
}

/** An empty table that is held by a program of somebody's: those of anyarch's own commands are private on purpose. */
async function openContainer(around: PrivateTable): Promise<Opened> {
  const mount = 'mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc && echo && exec cat';
  const [program, ...words] = [...entering(around.pid), 'unshare', '-Urm', 'sh', '-c', mount];
  // Ends with this process, because its standard input does.
  const holder = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { pid } = holder;
  if (pid === undefined) throw new Error(`${program} did not start`);
  await once(holder.stdout, 'data');
  return {
    pid,
    close: async () => {
      const exit = once(holder, 'exit');
      holder.stdin.end();
      await exit;
    },
  };
}
