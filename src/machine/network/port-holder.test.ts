import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { nodeFiles } from '../../host/node/node-files.ts';
import { allocateNetwork, networkFailure } from './allocate-network.ts';
import { parseForward, parseForwards } from './forward.ts';
import { findPortHolder, listeners } from './port-holder.ts';
import { tryPort } from './try-port.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
`;

it('finds sockets that listen, not those that are connected', () => {
  expect(listeners(tcp, 8080)).toEqual([4711]);
  expect(listeners(tcp, 8082)).toEqual([]);
});

it('names who has a port, and finds it free afterwards', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const forward = parseForward(`${port}:80`);
  const host = { files: nodeFiles };
  const record = { name: 'demo', forwards: [forward] };
  try {
    expect(findPortHolder(nodeFiles, 'tcp', port)).toMatchObject({ pid: process.pid });
    expect(await tryPort({ ...forward, port })).toBe('EADDRINUSE');
    const refused = allocateNetwork(host, record);
    await expect(refused).rejects.toThrowWithCode('ANYARCH_PORT_IN_USE');
    await expect(refused).rejects.toThrow(`process ${process.pid}`);
    const said = `qemu-system-aarch64: -netdev user: Could not set up host forwarding rule 'tcp:127.0.0.1:${port}-:80'`;
    expect(networkFailure(host, record, said)).toMatchObject({ code: 'ANYARCH_PORT_IN_USE' });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect((await allocateNetwork(host, record)).sshPort).not.toBe(port);
  expect(networkFailure(host, record, 'qemu-system-aarch64: out of memory')).toBeUndefined();
});

it('says that an address is not of this machine', async () => {
  const record = { name: 'demo', forwards: [parseForward('192.0.2.1:8080:80')] };
  await expect(allocateNetwork({ files: nodeFiles }, record)).rejects.toThrowWithCode('ANYARCH_LISTEN');
});

it('tries UDP and IPv6 as well', async () => {
  const results = await Promise.all([
    tryPort({ protocol: 'udp', address: '127.0.0.1', port: 0 }),
    tryPort({ protocol: 'tcp', address: '::1', port: 0 }),
  ]);
  for (const result of results) expect(result).toBeGreaterThan(0);
});

describe('who has a port', () => {
  it.each([
    [
      'another machine, which can be stopped',
      '/usr/bin/qemu-system-aarch64 -name guest=web,debug-threads=on -chardev socket,id=console,path=/s/console,logfile=/state/machines/web/console.log,logappend=on',
      'taken by machine web;',
      'anyarch machine stop web, or take another one: anyarch machine set demo --port 127.0.0.1:8081:80 --port 127.0.0.1:9090:90/udp',
    ],
    [
      'a long command, of which the beginning is shown',
      `python3 ${'-x '.repeat(1000)}`,
      `(python3 ${'-x '.repeat(17)}…);`,
      'end that process',
    ],
    [
      "somebody else's QEMU",
      '/usr/bin/qemu-system-x86_64 -name guest=web,debug-threads=on -m 1G',
      'process 77 (/usr/bin/qemu-system-x86_64 -name guest=web',
      'end that process',
    ],
  ])('is %s', (_, command, message, hint) => {
    const { files } = fakeHost();
    files.addFile('/proc/net/tcp', tcp);
    files.addFile('/proc/77/cmdline', command.replaceAll(' ', '\0'));
    files.addLink('/proc/77/fd/3', 'socket:[4711]');
    const said = `Could not set up host forwarding rule 'tcp:127.0.0.1:8080-:80'`;
    const forwards = ['8080:80', '9090:90/udp'].map(parseForward);
    const error = networkFailure({ files }, { name: 'demo', forwards }, said);
    expect(error?.message).toContain(message);
    expect(error?.hint).toContain(hint);
  });

  it.each([
    [['8080:80', '8081:81', '0.0.0.0:8082:82', '8083:83/udp'], 8080, '--port 127.0.0.1:8083:80'],
    [['65535:80'], 65_535, '--port 127.0.0.1:1024:80'],
    [['65534:80', '65535:81', '1024:82'], 65_534, '--port 127.0.0.1:1025:80'],
  ])('leaves the others of %j what they have', (ports, port, expected) => {
    const forwards = ports.map(parseForward);
    const said = `Could not set up host forwarding rule 'tcp:127.0.0.1:${port}-:80'`;
    const hint = networkFailure({ files: fakeHost().files }, { name: 'demo', forwards }, said)?.hint ?? '';
    expect(hint).toContain(expected);
    expect(() => parseForwards([...hint.matchAll(/--port (\S+)/g)].map(([, one]) => one!))).not.toThrow();
  });

  it('is no matter of ports that were asked for where SSH was to have it', () => {
    const { files } = fakeHost();
    const said = `Could not set up host forwarding rule 'tcp:127.0.0.1:40123-:22'`;
    const error = networkFailure({ files }, { name: 'demo', forwards: [parseForward('8080:80')] }, said);
    expect(error?.hint).toContain('or start it again: anyarch machine start demo');
  });
});
