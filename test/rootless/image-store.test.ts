import { spawn } from 'node:child_process';
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { describeFailure, run } from '../support/command.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { offline, withJson } from '../support/engines/cli.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { UserHome } from '../support/engines/user.ts';
import { asUser, createUserHome, firstSubordinateId, runAsUser, userIds } from '../support/engines/user.ts';
import type { Guest } from '../support/fixtures/guests.ts';
import { writeRunImages } from '../support/fixtures/run-images.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const native: Guest = {
  debian: 'amd64',
  qemu: 'x86_64',
  platform: 'linux/amd64',
  machine: 'x86_64',
  suite: 'trixie',
};

describeWith([needs.root, needs.apt, needs.testUser], 'the unpacked images of an ordinary user', () => {
  let home: UserHome;
  let executable: string;
  let reference: string;

  beforeAll(async () => {
    executable = await installPackage();
    const layout = join(temporaryDirectory('layout'), 'images');
    await writeRunImages(layout, [{ tag: 'plain', guests: [native], config: { Cmd: ['true'] } }]);
    reference = `oci:${layout}:plain`;
  });
  beforeEach(async () => {
    home = createUserHome();
    const first = await anyarch('run', '--image', reference);
    if (first.exitCode !== 0) throw new Error(describeFailure(first));
  });

  const images = (): string => join(home.directory, 'data/anyarch/images');
  async function anyarch(...args: string[]): Promise<CliResult> {
    return withJson(await runAsUser(home, [executable, ...args], { environment: offline }));
  }

  test('are owned by the subordinate ids, listed, verified and removed', async () => {
    const { uid } = userIds('anyarch-test');
    const [name = ''] = readdirSync(images());
    const tree = join(images(), name, 'tree');
    expect(lstatSync(join(tree, 'bin/su')).uid).toBe(uid);
    expect(lstatSync(join(tree, 'home/web/own')).uid).toBe(firstSubordinateId() + 999);
    const listed = (await anyarch('image', 'list', '--json')).json();
    expect(listed).toMatchObject({
      images: [{ references: [reference], ids: 'subordinate', platform: 'linux/amd64' }],
    });
    expect((await anyarch('image', 'verify', '--json')).json()).toMatchObject({
      images: [{ outcome: 'intact' }],
    });
    rmSync(join(tree, 'home/web/own'));
    const changed = await anyarch('image', 'verify', reference);
    expect(changed).toMatchObject({ exitCode: 1, stderr: '' });
    expect(changed.stdout).toMatch(/missing +\/home\/web\/own/);
    expect(await anyarch('image', 'remove', '--dry-run', reference)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(images())).toEqual([name]);
    expect(await anyarch('image', 'remove', reference)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(images())).toEqual([]);
  });

  test('stay while a guest runs in them', async () => {
    const words = asUser([executable, 'run', '--image', reference, '--', 'sh', '-c', 'echo up; read end']);
    const [program = '', ...rest] = words;
    const guest = spawn(program, rest, {
      env: { PATH: process.env['PATH'], ...home.environment, ...offline },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => guest.once('close', resolve));
    await new Promise((resolve) => guest.stdout.once('data', resolve));
    expect((await anyarch('image', 'prune', '--older-than', '0')).stdout).toContain('in use');
    guest.stdin.end('\n');
    await ended;
    await sleep(10);
    expect((await anyarch('image', 'prune', '--older-than', '0')).stdout).toContain('removed');
    expect(readdirSync(images())).toEqual([]);
  });

  test('go when anyarch is uninstalled', async () => {
    const [name = ''] = readdirSync(images());
    const planned = await anyarch('uninstall', '--dry-run', '--json');
    const tree = { kind: 'tree', subject: join(images(), name) };
    expect(planned.json()).toMatchObject({
      removed: expect.arrayContaining([expect.objectContaining(tree)]) as unknown,
    });
    expect(existsSync(join(images(), name))).toBe(true);
    expect(await anyarch('uninstall')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(home.directory, 'data/anyarch'))).toBe(false);
  });

  test('do with one id where the user has no others', async () => {
    const directory = temporaryDirectory('single');
    const uid = 54_321;
    mkdirSync(join(directory, 'home'));
    chownSync(join(directory, 'home'), uid, uid);
    const single = (...args: string[]) =>
      run(['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', executable, ...args], {
        directory: '/',
        environment: { PATH: process.env['PATH'], HOME: join(directory, 'home'), ...offline },
      });
    expect(await single('run', '--image', reference)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await single('image', 'list', '--json')).stdout)).toMatchObject({
      images: [{ ids: 'single' }],
    });
    expect(await single('image', 'verify')).toMatchObject({ exitCode: 0 });
    expect(await single('image', 'remove', reference)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(directory, 'home/.local/share/anyarch/images'))).toEqual([]);
  });
});
