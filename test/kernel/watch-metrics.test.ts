import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderMetrics } from '../../src/watch/index.ts';
import { run, succeed } from '../support/command.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { promtool } from '../support/fixtures/promtool.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { startWatcher } from '../support/watcher.ts';

let table: PrivateTable;
let checker: string;

beforeAll(async () => {
  checker = await promtool();
  table = await openPrivateTable();
}, 300_000);
afterAll(() => table.close());

/** What Prometheus' own parser and linter say. */
const check = (input: string) => run([checker, 'check', 'metrics'], { input });

/** The server starts after the first round. */
async function get(server: RequestOptions, path: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = request({ ...server, path }).end();
      const [response] = (await once(answer, 'response')) as [IncomingMessage];
      return await text(response);
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
}

describeWith([needs.qemu], 'metrics of the watch', () => {
  const home = temporaryDirectory('home');
  const environment = { PATH: process.env['PATH'], ...offline, ANYARCH_HOME: home, HOME: home };
  const enter = () => ['nsenter', '-t', `${table.pid}`, '-U', '-m', '--preserve-credentials', '--'];

  it.each([
    ['a port', '127.0.0.1:19797', { host: '127.0.0.1', port: 19797 }],
    ['a socket', `unix:${join(home, 'socket')}`, { socketPath: join(home, 'socket') }],
  ])('are served on %s, also after a kill', async (_, listen, server) => {
    const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
    await succeed([...enter(), executable, 'register', 'arm64', '--qemu', qemu, '--no-fetch'], {
      environment,
    });
    const start = () =>
      startWatcher([...enter(), executable, 'watch', '--json', '--metrics-listen', listen], environment);
    const killed = start();
    await killed.next('watching');
    await killed.end('SIGKILL');
    const watcher = start();
    await watcher.next('watching');
    const stdout = await get(server, '/metrics');
    expect(stdout).toMatch(/^anyarch_registration_up\{architecture="aarch64",entry="qemu-aarch64"\} 1$/m);
    expect(stdout).toMatch(/^anyarch_watch_polls_total \d+$/m);
    expect(await check(stdout)).toMatchObject({ exitCode: 0, stderr: '', stdout: '' });
    expect(await get(server, '/healthz')).toBe('ok\n');
    expect(await get(server, '/else')).toContain('/metrics');
    expect(await watcher.end('SIGTERM')).toBe(0);
  });

  it('are served before anything is registered, or nothing is', async () => {
    const listen = `unix:${join(home, 'missing', 'socket')}`;
    const ended = await run([...enter(), executable, 'watch', 's390x', '--metrics-listen', listen], {
      environment,
    });
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
    expect(ended.stderr).toContain('[ANYARCH_LISTEN]');
    expect(table.host.binfmt.table().list()).not.toContain('qemu-s390x');
    const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
    await succeed([...enter(), executable, 'watch', 's390x', '--once'], {
      environment: { ...environment, ANYARCH_QEMU_DIR: qemu },
    });
    expect(table.host.binfmt.table().list()).toContain('qemu-s390x');
  });

  it('are escaped as Prometheus reads them', async () => {
    const labels = { entry: 'a"b\\c\nd\\n{}=, ünï\t' };
    const rendered = renderMetrics([
      {
        name: 'anyarch_test_info',
        type: 'gauge',
        help: 'Back\\slash and\nnew line.',
        samples: [{ labels, value: 1 }],
      },
    ]);
    expect(await check(rendered)).toMatchObject({ exitCode: 0, stderr: '' });
    // It can fail.
    expect((await check(rendered.replace('\\"', '"'))).exitCode).toBe(1);
    expect(
      (await check(rendered.replace('TYPE anyarch_test_info gauge', 'TYPE anyarch_test_info counter')))
        .exitCode,
    ).toBe(3);
  });
});
