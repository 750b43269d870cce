import { mkdirSync, mkdtempSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { nodeFiles } from '../../src/host/node/node-files.ts';
import { describeExecutor } from '../contract/executor.ts';
import { describeKernelTable } from '../contract/kernel-table.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable } from '../support/private-table.ts';
import type { PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let inside: PrivateTable;
let directory: string;
let noExecuteProgram: string;

beforeAll(async () => {
  directory = temporaryDirectory('table');
  inside = await openPrivateTable();
  mkdirSync(`${directory}/noexec`);
  inside.run(['mount', '-t', 'tmpfs', '-o', 'noexec', 'none', `${directory}/noexec`]);
  noExecuteProgram = `${directory}/noexec/program`;
  nodeFiles.writeAtomic(seen(noExecuteProgram), nativeProgram(0), 0o755);
});
afterAll(() => inside.close());

describeKernelTable('the kernel', () => {
  const { files, table, directory } = subject();
  // The path is looked up by who registers, outside of the namespace.
  return { files, table, directory, noExecuteProgram: seen(noExecuteProgram) };
});

describeExecutor('the kernel', () => ({
  ...subject(),
  executor: inside.host.executor,
  noExecuteProgram,
  nativeProgram,
}));

/** The table emptied and a new directory: a table of its own for each test would take longer. */
function subject() {
  const { binfmt, files } = inside.host;
  const table = binfmt.table();
  files.writeOnce(`${table.path}/status`, new TextEncoder().encode('1'));
  table.list().forEach((name) => {
    table.control(name, '-1');
  });
  return { files, table, directory: mkdtempSync(`${directory}/`) };
}

function seen(path: string): string {
  return `/proc/${inside.pid}/root${path}`;
}
