import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';
import { run } from '../support/command.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Many of them, so that some go between the moments at which they are listed and read; ends when nobody reads what it says. */
const churn = `cd ${binfmtMiscPath}; names=$(seq 40); while echo; do
  for name in $names; do echo ":passing-$name:E::passing::/bin/cat:" >register; done
  for name in $names; do echo -1 >passing-$name; done
done`;

describeWith([needs.qemu], 'anyarch run', () => {
  test('does not mind that others register and unregister meanwhile', async () => {
    const table = await openPrivateTable();
    const enter = ['--target', `${table.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
    const others = spawn('nsenter', [...enter, 'sh', '-c', churn], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(others.stdout, 'data');
      others.stdout.resume();
      const environment = { ...process.env, ...offline, ANYARCH_HOME: temporaryDirectory('home') };
      for (let index = 0; index < 20; index += 1) {
        const command = ['nsenter', ...enter, executable, 'run', '--', 'true'];
        expect(await run(command, { environment })).toMatchObject({ exitCode: 0, stderr: '' });
      }
      expect(others.exitCode).toBeNull();
    } finally {
      others.kill('SIGKILL');
      await table.close();
    }
  });
});
