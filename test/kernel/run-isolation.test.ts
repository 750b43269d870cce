import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyarch } from '../support/engines/cli.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const home = temporaryDirectory('home');
const runHere = (...args: string[]): Promise<CliResult> => anyarch(['run', ...args], { home });

describe('the network of a guest', () => {
  const listInterfaces = 'console.log(Object.keys(require("node:os").networkInterfaces()).join())';

  it("is the host's", async () => {
    const result = await runHere('--', process.execPath, '-e', listInterfaces);
    expect(result.stdout.trim()).toBe(Object.keys(networkInterfaces()).join());
  });

  it('is a loopback device of its own with --network none', async () => {
    const talk = `const net = require("node:net");
      const server = net.createServer((peer) => peer.end("heard")).listen(0, "127.0.0.1", () => {
        net.connect(server.address().port, "127.0.0.1").on("data", (data) => console.log(String(data))).on("end", () => server.close());
      });`;
    const script = `${listInterfaces}; ${talk}`;
    const result = await runHere('--network', 'none', '--', process.execPath, '-e', script);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'lo\nheard\n' });
  });

  it('has the addresses of the host out of reach with --network none', async () => {
    const { createServer } = await import('node:net');
    const server = createServer((peer) => peer.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address() as { port: number };
    const connect = `require("node:net").connect(${address.port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", (error) => { console.log(error.code); process.exit(3); })`;
    try {
      expect(await runHere('--', process.execPath, '-e', connect)).toMatchObject({ exitCode: 0 });
      const apart = await runHere('--network', 'none', '--', process.execPath, '-e', connect);
      expect(apart).toMatchObject({ exitCode: 3, stdout: 'ECONNREFUSED\n' });
    } finally {
      server.close();
    }
  });
});

describe('the host name of a guest', () => {
  it('is its own', async () => {
    const before = hostname();
    expect((await runHere('--', 'uname', '-n')).stdout).toBe(`${before}\n`);
    expect((await runHere('--hostname', 'guest-1', '--', 'uname', '-n')).stdout).toBe('guest-1\n');
    expect(hostname()).toBe(before);
  });
});

describe('--read-only', () => {
  it("leaves nothing of the host's files but volumes to be written to", async () => {
    const [closed, open] = [temporaryDirectory('closed'), temporaryDirectory('open')];
    const write = `echo guest > ${open}/file; mount -o remount,rw,bind /; mount -o remount,rw,bind ${closed}; echo guest > ${closed}/file`;
    const result = await runHere('--read-only', '-v', `${open}:${open}`, '--', 'sh', '-c', write);
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain('Read-only file system');
    expect(existsSync(join(closed, 'file'))).toBe(false);
    expect(readFileSync(join(open, 'file'), 'utf8')).toBe('guest\n');
    // Without it, the same is written.
    expect(await runHere('--', 'sh', '-c', `echo guest > ${closed}/file`)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(closed, 'file'), 'utf8')).toBe('guest\n');
  });
});

describeWith([needs.qemu, needs.apt], 'a root file system', () => {
  let root: string;

  beforeAll(async () => {
    // A copy, because mount points are made in it.
    root = join(temporaryDirectory('root'), 'arm64');
    cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nadm:x:4:web\n');
  });
  const runInside = (...args: string[]): Promise<CliResult> =>
    runHere('--no-fetch', '--rootfs', root, ...args);

  it('is as read-only as the files of the host, with its volumes still writable', async () => {
    const volume = temporaryDirectory('volume');
    const script = 'echo guest > /made/deep/file && echo x > /dev/null && touch /file';
    const result = await runInside('--read-only', '-v', `${volume}:/made/deep`, '--', 'sh', '-c', script);
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Read-only file system') as string,
    });
    expect(readFileSync(join(volume, 'file'), 'utf8')).toBe('guest\n');
    expect(existsSync(join(root, 'file'))).toBe(false);
    expect(await runInside('--', 'touch', '/file')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(root, 'file'))).toBe(true);
  });

  it('has users of its own', async () => {
    const script = 'id -u; id -g; echo $HOME; cat /proc/self/status';
    const result = await runInside('--user', 'web', '--', 'sh', '-c', script);
    expect(result.stdout.split('\n').slice(0, 3)).toEqual(['33', '34', '/srv']);
    // Nobody's privilege is left.
    expect(result.stdout).toMatch(/^CapEff:\s+0+$/m);
    expect((await runInside('--', 'sh', '-c', script)).stdout).not.toMatch(/^CapEff:\s+0+$/m);
    expect(await runInside('--user', 'anyarch-test', '--', 'true')).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('ANYARCH_USAGE') as string,
    });
  });

  describeWith([needs.root], "with root's ids", () => {
    it("has the user's groups, the own one among them, and those of the host no more", async () => {
      const groups = ['--', 'sh', '-c', 'grep Groups: /proc/self/status'];
      expect((await runInside('--user', 'web', ...groups)).stdout.trim()).toBe('Groups:\t4 34');
      expect((await runInside('--user', '33:34', ...groups)).stdout.trim()).toBe('Groups:\t34');
    });
  });
});
