import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { runningDaemons } from './daemons.ts';

const state = '/tmp/rootlesskit1';

describe('runningDaemons', () => {
  it('finds a daemon by its process, wherever rootlesskit keeps its record', () => {
    const host = user();
    addDaemon(host);
    expect(runningDaemons(host)).toEqual([
      {
        pid: 30,
        stateDirectory: state,
        sockets: ['/run/user/1000/docker.sock'],
        searchPath: '/ours:/usr/bin',
      },
    ]);
  });

  it.each([
    ["another user's", { uid: 1001 }],
    ['one of root, in no namespace of rootlesskit', { environment: 'HOME=/\0' }],
    ['another program', { command: '/usr/bin/podman\0system\0' }],
  ] as const)('leaves out %s', (_what, process) => {
    const host = user();
    addDaemon(host, process);
    expect(runningDaemons(host)).toEqual([]);
  });

  it("leaves out one in a container, whose record is not among the host's files or says something else", () => {
    const host = user();
    addDaemon(host);
    host.files.addLink('/proc/30/ns/user', 'user:[9]');
    expect(runningDaemons(host)).toEqual([]);
    const hidden = user();
    addDaemon(hidden, { environment: 'ROOTLESSKIT_STATE_DIR=/elsewhere\0' });
    expect(runningDaemons(hidden)).toEqual([]);
  });

  it('finds rootlesskit itself while the daemon is not there yet, and not whoever has its number by now', () => {
    const host = user();
    host.files.addFile('/run/user/1000/dockerd-rootless/child_pid', '20');
    addProcess(host, 20, { namespace: 'user:[5]', environment: 'PATH=\0' });
    const starting = {
      pid: 20,
      stateDirectory: '/run/user/1000/dockerd-rootless',
      sockets: [],
      searchPath: '',
    };
    expect(runningDaemons(host)).toEqual([starting]);
    host.files.addLink('/proc/20/ns/user', 'user:[1]');
    expect(runningDaemons(host)).toEqual([]);
  });
});

interface FakeProcess {
  readonly uid?: number;
  readonly command?: string;
  readonly environment?: string;
  readonly namespace?: string;
}

function user(): FakeHost {
  const host = fakeHost({
    system: { uid: 1000, gid: 1000, environment: { HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' } },
  });
  host.files.addLink('/proc/self/ns/user', 'user:[1]');
  return host;
}

function addDaemon(host: FakeHost, process: FakeProcess = {}): void {
  addProcess(host, 20, { namespace: 'user:[5]', environment: 'PATH=/ours:/usr/bin\0' });
  addProcess(host, 30, {
    command: '/usr/sbin/dockerd\0--debug\0',
    environment: `A=1\0ROOTLESSKIT_STATE_DIR=${state}\0`,
    namespace: 'user:[5]',
    ...process,
  });
  host.files.addFile(`${state}/child_pid`, '20');
  host.files.addLink('/proc/30/fd/0', '/dev/null');
  host.files.addLink('/proc/30/fd/3', 'socket:[700]');
  host.files.addLink('/proc/30/fd/4', 'socket:[702]');
  host.files.addFile(
    '/proc/30/net/unix',
    `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01   700 /run/user/1000/docker.sock
0000000000000000: 00000002 00000000 00010000 0001 01   701 /run/of/another/process
0000000000000000: 00000003 00000000 00000000 0001 03   702 /run/connected
`,
  );
}

function addProcess(
  { files }: FakeHost,
  pid: number,
  { uid = 1000, command = 'sh\0', environment = '', namespace = 'user:[1]' }: FakeProcess,
): void {
  files.addDirectory(`/proc/${pid}`, { uid, gid: uid });
  files.addFile(`/proc/${pid}/cmdline`, command);
  files.addFile(`/proc/${pid}/environ`, environment);
  files.addLink(`/proc/${pid}/ns/user`, namespace);
}
