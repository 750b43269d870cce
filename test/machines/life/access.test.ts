import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterAll, expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { anyarch, machinesEnvironment, mounted } from '../../support/machines/home.ts';
import { useRunningMachine } from '../../support/machines/running-machine.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

describeWith([needs.apt, needs.mmdebstrap], 'a machine is reached', () => {
  const { name, ports, inGuest } = useRunningMachine('access');
  const directory = temporaryDirectory('access');
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('by commands, whose words and codes are kept', async () => {
    const result = await inGuest([
      'sh',
      '-c',
      'uname -m; printf "%s|" "$@"; exit 7',
      'sh',
      'a b',
      "it's",
      '$HOME',
      '',
    ]);
    expect(result).toMatchObject({ exitCode: 7, stdout: "aarch64\na b|it's|$HOME||" });
    expect((await inGuest(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
    expect((await inGuest(['no-such-program'])).exitCode).toBe(127);
    expect((await inGuest(['cat'], { input: 'through\n' })).stdout).toBe('through\n');
    expect((await anyarch(['machine', 'shell', 'nobody', '--', 'true'])).exitCode).toBe(125);
  });

  test('by signals', async () => {
    const script = 'trap "echo caught; exit 3" TERM; echo ready; sleep 60 & wait';
    const child = spawn('bin/anyarch', ['machine', 'shell', name, '--', 'sh', '-c', script], {
      env: machinesEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.includes('ready') && chunk.includes('ready')) child.kill('SIGTERM');
      output += chunk.toString();
    });
    expect(await ended).toBe(3);
    expect(output).toContain('caught');
    expect((await inGuest(['pgrep', '-x', 'sleep'])).exitCode).toBe(1);
  });

  test('by copies in both directions', async () => {
    const tree = join(directory, 'tree');
    mkdirSync(join(tree, 'sub'), { recursive: true });
    writeFileSync(join(tree, 'sub/a b'), 'content\n');
    chmodSync(join(tree, 'sub/a b'), 0o750);
    symlinkSync('.', join(tree, 'loop'));
    const big = Buffer.alloc(3_000_001, 'anyarch');
    writeFileSync(join(directory, 'big'), big);
    await inGuest(['sh', '-c', 'rm -rf tree big; mkdir -p into']);

    expect(await anyarch(['machine', 'copy', tree, `${name}:`])).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await anyarch(['machine', 'copy', join(directory, 'big'), `${name}:into`])).toMatchObject({
      exitCode: 0,
    });
    expect(await anyarch(['machine', 'copy', `${name}:into/big`, join(directory, 'back')])).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(join(directory, 'back')).equals(big)).toBe(true);
    expect(await anyarch(['machine', 'copy', `${name}:tree/.`, join(directory, 'tree2')])).toMatchObject({
      exitCode: 0,
    });
    expect(execFileSync('diff', ['-r', '--no-dereference', tree, join(directory, 'tree2')]).toString()).toBe(
      '',
    );
    expect(statSync(join(directory, 'tree2/sub/a b')).mode & 0o777).toBe(0o750);

    const refused = await anyarch([
      'machine',
      'copy',
      join(directory, 'big'),
      `${name}:/etc/passwd`,
      '--json',
    ]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('ANYARCH_FILE');
    expect((await anyarch(['machine', 'copy', `${name}:none`, directory])).exitCode).toBe(1);
  });

  test('by ports of TCP, UDP and IPv6, and by no other', async () => {
    const server = `
import http.server, socket, threading
def echo():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 8001))
    while True:
        data, who = s.recvfrom(99); s.sendto(b'got ' + data, who)
threading.Thread(target=echo, daemon=True).start()
http.server.HTTPServer(('', 8000), http.server.SimpleHTTPRequestHandler).serve_forever()`;
    await inGuest([
      'sh',
      '-c',
      'sudo systemctl stop served 2>/dev/null; sudo systemd-run -q --unit served python3 -c "$1"',
      'sh',
      server,
    ]);
    const { tcp, udp, ipv6 } = ports();
    expect(await status(`http://127.0.0.1:${tcp}/`)).toBe(200);
    expect(await status(`http://[::1]:${ipv6}/`)).toBe(200);
    expect(await datagram(udp, 'hello')).toBe('got hello');
    await inGuest(['sudo', 'systemctl', 'stop', 'served']);
    await expect(fetch(`http://127.0.0.1:${tcp}/`)).rejects.toThrow();
  });

  test('by directories, whose files are their owner’s on both sides', async () => {
    for (const place of [mounted.share, mounted.readOnly]) {
      rmSync(join(place, 'from-host'), { force: true });
      chownSync(place, 1234, 1234);
      writeFileSync(join(place, 'from-host'), 'host\n');
      chownSync(join(place, 'from-host'), 1234, 1234);
    }
    // Whose a directory is counts from the start of the machine on.
    await anyarch(['machine', 'stop', name, '--save']);
    expect((await anyarch(['machine', 'start', name])).exitCode).toBe(0);
    const script =
      'cat from-host; stat -c %u from-host; echo user >user; sudo sh -c "echo root >root; chown 33 root; mknod dev b 8 0"; stat -c %u root';
    const result = await inGuest(['sh', '-c', `cd /mnt/share && rm -f user root; ${script}`]);
    expect(result.stdout).toBe('host\n1000\n1000\n');
    expect(result.stderr).toContain('dev: Operation not permitted');
    for (const file of ['user', 'root']) {
      expect(readFileSync(join(mounted.share, file), 'utf8')).toBe(`${file}\n`);
      expect(statSync(join(mounted.share, file)).uid).toBe(1234);
    }
    const readOnly = await inGuest([
      'sudo',
      'sh',
      '-c',
      'cat /mnt/ro/from-host; mount -o remount,rw /mnt/ro; echo x >/mnt/ro/x',
    ]);
    expect(readOnly).toMatchObject({ stdout: 'host\n' });
    expect(readOnly.stderr).toContain('Read-only file system');
  });

  test('by its console, one visitor at a time', async () => {
    const { stdout } = await anyarch(['machine', 'console', name], { input: '\r' });
    expect(stdout).toContain('login:');
    const first = anyarch(['machine', 'console', name], {
      input: Buffer.alloc(20_000_000, '\r'),
      timeoutMs: 4000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const second = await anyarch(['machine', 'console', name, '--json'], { input: '' });
    expect(second.stdout).toContain('ANYARCH_LOCKED');
    await first;
  });

  test('unless a port is taken, which says by whom', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const made = await anyarch([
        'machine',
        'create',
        'other',
        '-a',
        'arm64',
        '--engine',
        'podman',
        '--port',
        `${port}:80`,
      ]);
      expect(made.exitCode).toBe(0);
      const refused = await anyarch(['machine', 'shell', 'other', '--', 'true']);
      expect(refused.exitCode).toBe(125);
      expect(refused.stderr).toContain(`process ${process.pid}`);
      expect(refused.stderr).toContain('ANYARCH_PORT_IN_USE');
    } finally {
      await anyarch(['machine', 'remove', 'other', '--force']);
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

async function status(url: string): Promise<number> {
  for (let attempt = 0; ; attempt += 1)
    try {
      return (await fetch(url)).status;
    } catch (error) {
      if (attempt === 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

async function datagram(port: number, text: string): Promise<string> {
  const socket = createSocket('udp4');
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(reject, 20_000, new Error('no answer')).unref();
      socket.once('message', (message) => {
        resolve(message.toString());
      });
      socket.send(text, port, '127.0.0.1');
    });
  } finally {
    socket.close();
  }
}
