import { describeKernelTable } from '../../../test/contract/kernel-table.ts';
import { fakeHost } from './fake-host.ts';

describeKernelTable('the fake', () => {
  const { files, binfmt } = fakeHost();
  files.addDirectory('/work');
  files.mount('/noexec', { type: 0, noExecute: true });
  files.addFile('/noexec/program', '', { mode: 0o755 });
  return { table: binfmt.table(), files, directory: '/work', noExecuteProgram: '/noexec/program' };
});
