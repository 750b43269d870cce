import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Step } from '../../src/core/launcher/program.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { insideCommand } from '../../src/host/node/inside.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { run } from '../support/command.ts';
import { anyarch, executable } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import type { Holder } from '../support/holder.ts';
import { mountTable, nestedNamespaces, registerEmulator } from '../support/nested-namespaces.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const holders: Holder[] = [];

afterEach(async () => {
  await Promise.all(holders.splice(0).map(({ close }) => close()));
});

async function namespaces(steps: readonly Step[]): Promise<Holder> {
  const holder = await nestedNamespaces(steps);
  holders.push(holder);
  return holder;
}

describeWith([needs.qemu, needs.hostTable], 'the command line', () => {
  let program: string;
  beforeAll(() => {
    program = join(temporaryDirectory('program'), 'foreign');
    writeFileSync(program, buildProbe('s390x'), { mode: 0o755 });
  });

  test('status --pid says whose table it is, proves its entries and warns', async () => {
    const { pid } = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const told = await anyarch(['status', '--pid', `${pid}`]);
    expect(told).toMatchObject({ exitCode: 0, stderr: '' });
    expect(told.stdout).toContain(`table in force for process ${pid} (`);
    expect(told.stdout).toContain('): a namespace of user root\n');
    expect(told.stdout).toMatch(/^qemu-s390x\s+proven/m);
    expect(told.stdout).toContain('throw-away namespace');
    const { tables } = (await anyarch(['status', '--pid', `${pid}`, '--json'])).json() as {
      tables: readonly unknown[];
    };
    expect(tables).toMatchObject([{ whose: 'own', foundBy: 'probe', process: { pid } }]);
    const ours = (await anyarch(['status', '--json'])).json();
    expect(JSON.stringify(ours)).not.toContain('"namespace"');
  });

  test('explain --pid explains by the table of the process', async () => {
    const holder = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const emulated = await anyarch(['explain', '--pid', `${holder.pid}`, program, '--json']);
    expect(emulated.json()).toMatchObject({
      inForce: { whose: 'own' },
      verdict: { outcome: 'emulated' },
    });
    const empty = await namespaces([mountTable]);
    const failed = await anyarch(['explain', '--pid', `${empty.pid}`, program]);
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain(`table in force for process ${empty.pid}`);
    expect(failed.stdout).toContain('fails with ENOEXEC');
  });

  test('a plain status inside says that it is a private namespace', async () => {
    const { pid } = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const enter = insideCommand(nodeHost(), pid, { mount: true });
    const environment = { ...process.env, ANYARCH_HOME: temporaryDirectory('home'), NO_COLOR: '1' };
    const inside = await run([...enter, executable, 'status'], { environment });
    expect(inside.stdout).toMatch(/^inside {2}user namespace \d+, a private one/);
    expect(inside.stdout).toContain('qemu-s390x');
    expect((await anyarch(['status'])).stdout).not.toContain('private one');
  });

  test.each([
    [['--pid', 'x'], 2, 'ANYARCH_USAGE'],
    [['--pid', '1', '--engine', 'podman'], 2, 'ANYARCH_USAGE'],
    [['--pid', `${2 ** 30}`], 1, 'ANYARCH_PROCESS_NOT_FOUND'],
    [['--user', 'nobody-has-this-name'], 2, 'ANYARCH_USAGE'],
  ])('status %s', async (args, exitCode, code) => {
    const { stderr, ...result } = await anyarch(['status', ...args]);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(stderr).toContain(`[${code}]`);
  });
});

describeWith([needs.root, needs.testUser], 'an unprivileged user', () => {
  test('looks at the own processes, not at root’s', async () => {
    const { pid } = await namespaces([]);
    const home = createUserHome();
    const refused = await runAsUser(home, [executable, 'status', '--pid', `${pid}`]);
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toContain('[ANYARCH_PERMISSION]');
    expect((await runAsUser(home, [executable, 'status', '--user', 'root'])).exitCode).toBe(4);
    const script = `${executable} status --pid $$ --json`;
    const own = await runAsUser(home, ['unshare', '-Urm', 'sh', '-c', `${script}; true`]);
    expect(own.stderr).toBe('');
    expect(JSON.parse(own.stdout)).toMatchObject({ tables: [{ process: { command: 'sh' } }] });
  });
});
