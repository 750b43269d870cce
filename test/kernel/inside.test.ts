import { existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { insideCommand } from '../../src/host/node/inside.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { run } from '../support/command.ts';
import { compile } from '../support/compile.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { openPrivateTable } from '../support/private-table.ts';
import type { PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const host = nodeHost();
const opened: PrivateTable[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()));
});

async function namespaces(): Promise<number> {
  const table = await openPrivateTable();
  opened.push(table);
  return table.pid;
}

test('a command runs in the namespaces of a process as their root', async () => {
  const pid = await namespaces();
  const links = ['user', 'mnt'].map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));
  const read = ['/usr/bin/readlink', '/proc/self/ns/user', '/proc/self/ns/mnt'];
  const inside = await run([...insideCommand(host, pid, { mount: true }), ...read]);
  expect(inside).toMatchObject({ exitCode: 0, stderr: '', stdout: `${links.join('\n')}\n` });
  const userOnly = await run([...insideCommand(host, pid, { mount: false }), ...read]);
  expect(userOnly.stdout.split('\n').slice(0, 2)).toEqual([links[0], readlinkSync('/proc/self/ns/mnt')]);
  expect((await run(read)).stdout).not.toContain(links[0]);
  const status = await run([...insideCommand(host, pid, { mount: true }), '/bin/cat', '/proc/self/status']);
  expect(status.stdout).toMatch(/^Uid:\s+0\s+0\s+0\s+0$/m);
  expect(status.stdout).toMatch(/^CapEff:\s+0*[1-9a-f]/m);
});

test('standard streams, arguments, environment and exit code are the command’s own', async () => {
  const pid = await namespaces();
  const script = 'cat; echo "$0 $1 $A"; echo wrong >&2; exit 7';
  const command = [...insideCommand(host, pid, { mount: true }), '/bin/sh', '-c', script, 'name', 'a  b'];
  const result = await run(command, { input: 'from outside\n', environment: { A: 'set' } });
  expect(result).toMatchObject({ exitCode: 7, stdout: 'from outside\nname a  b set\n', stderr: 'wrong\n' });
});

test('the working directory stays where the other mount namespace has it, too', async () => {
  const pid = await namespaces();
  const enter = insideCommand(host, pid, { mount: true });
  const directory = temporaryDirectory('here');
  expect((await run([...enter, '/bin/pwd', '-P'], { directory })).stdout).toBe(`${directory}\n`);
  // Mounted over in there: what lies below is not to be seen.
  const hidden = join(directory, 'hidden');
  mkdirSync(hidden);
  opened[0]!.run(['mount', '-t', 'tmpfs', 'none', directory]);
  expect((await run([...enter, '/bin/pwd', '-P'], { directory: hidden })).stdout).toBe('/\n');
  expect(existsSync(hidden)).toBe(true);
});

test('a command that cannot be executed says so', async () => {
  const enter = insideCommand(host, await namespaces(), { mount: true });
  expect(await run([...enter, '/no/such/program'])).toMatchObject({
    exitCode: 127,
    stderr: 'anyarch: the command does not exist in the namespaces\n',
  });
  expect(await run([...enter, '/etc/passwd'])).toMatchObject({
    exitCode: 126,
    stderr: 'anyarch: the command cannot be executed in the namespaces\n',
  });
  await opened.splice(0)[0]!.close();
  expect(await run([...enter, '/bin/true'])).toMatchObject({
    exitCode: 125,
    stderr: 'anyarch: the namespaces of the process cannot be entered any more\n',
  });
});

test('a process that is not there has a code, and one of our own namespaces needs no entering', () => {
  expect(() => insideCommand(host, 2 ** 30, { mount: true })).toThrowWithCode('ANYARCH_PROCESS_NOT_FOUND');
  expect(insideCommand(host, process.pid, { mount: true })).toEqual([]);
});

describeWith([needs.root, needs.testUser], 'an unprivileged user', () => {
  test('enters the own namespaces as their root, and nobody else’s', async () => {
    const directory = temporaryDirectory('compiled');
    compile(['src/core', 'src/host'], directory);
    writeFileSync(join(directory, 'main.mjs'), unprivileged);
    const home = createUserHome();
    const others = await namespaces();
    const result = await runAsUser(home, [process.execPath, join(directory, 'main.mjs'), String(others)]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const { own, inside, errors } = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(inside).toBe(`0\n${own as string}\n`);
    expect(errors).toEqual(['ANYARCH_PERMISSION', 'ANYARCH_PERMISSION']);
  });
});

/** Prints what the user's own namespaces show from inside, and the codes for those of others. */
const unprivileged = `
import { spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { nodeHost } from './src/host/node/node-host.js';
import { insideCommand } from './src/host/node/inside.js';

const host = nodeHost();
const holder = spawn('unshare', ['-Urm', 'sh', '-c', 'echo ready; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
await new Promise((resolve) => holder.stdout.once('data', resolve));
const enter = insideCommand(host, holder.pid, { mount: true });
const read = ['/bin/sh', '-c', 'id -u; readlink /proc/self/ns/mnt'];
const inside = spawnSync(enter[0], [...enter.slice(1), ...read], { encoding: 'utf8' }).stdout;
const own = readlinkSync('/proc/' + holder.pid + '/ns/mnt');
const errors = [1, Number(process.argv[2])].map((pid) => {
  try {
    insideCommand(host, pid, { mount: true });
  } catch (error) {
    return error.code;
  }
});
holder.stdin.end();
console.log(JSON.stringify({ own, inside, errors }));
`;
