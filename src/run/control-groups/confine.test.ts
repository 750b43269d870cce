import { readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { confine } from './confine.ts';
import type { Confinement } from './confine.ts';
import type { GuestLimits } from './limits.ts';

const all: GuestLimits = { memoryBytes: 2 ** 29, cpus: 1.5, pids: 20 };

interface Machine {
  readonly uid: number;
  /** What /proc/self/cgroup says. */
  readonly groups: string;
  /** Lines of mountinfo: mount point, type and options of the file system. */
  readonly mounts: readonly (readonly [point: string, type: string, options: string])[];
}

const unified = [['/sys/fs/cgroup', 'cgroup2', 'rw,nsdelegate']] as const;
const classic = ['memory', 'cpu,cpuacct', 'pids', 'name=systemd'].map(
  (name) => [`/sys/fs/cgroup/${name}`, 'cgroup', `rw,${name}`] as const,
);

function machine({ uid, groups, mounts }: Machine): FakeHost {
  const host = fakeHost({ system: { uid, gid: uid, environment: { XDG_RUNTIME_DIR: '/run/user/1000' } } });
  host.files.addFile('/proc/self/cgroup', groups);
  host.files.addFile(
    '/proc/self/mountinfo',
    mounts
      .map(([point, type, options], index) => `${index} 1 0:5 / ${point} rw - ${type} ${type} ${options}\n`)
      .join(''),
  );
  return host;
}

/** A group with the kernel's files, as far as they matter here. */
function addGroup(
  host: FakeHost,
  path: string,
  uid: number,
  contents: Readonly<Record<string, string>>,
): void {
  host.files.addDirectory(path, { uid, gid: uid });
  for (const [name, content] of Object.entries(contents))
    host.files.addFile(`${path}/${name}`, content, { uid, gid: uid });
}

/** The kernel puts these into a group that is made. */
function fillNewGroups(host: FakeHost, uid: number, contents: Readonly<Record<string, string>>): void {
  const makeDirectory = host.files.makeDirectory.bind(host.files);
  host.files.makeDirectory = (path, mode) => {
    makeDirectory(path, mode);
    if (path.includes('/anyarch-run-')) addGroup(host, path, uid, contents);
  };
}

const groupOf = ({ processes: [path = ''] }: Confinement): string => path.replace(/\/cgroup\.procs$/, '');

const files2 = { 'memory.max': '', 'cpu.max': '', 'pids.max': '', 'cgroup.procs': '' };
const read = (host: FakeHost, path: string): string => decodeUtf8(host.files.read(path));

function refusal(action: () => unknown): AnyarchError {
  try {
    action();
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('confine', () => {
  const delegated = '/user.slice/user-1000.slice/work';

  function delegatedMachine(enabled: string, uid = 1000): FakeHost {
    const host = machine({ uid: 1000, groups: `0::${delegated}/here\n`, mounts: unified });
    const parent = `/sys/fs/cgroup${delegated}`;
    addGroup(host, parent, uid, {
      'cgroup.controllers': 'cpu memory pids\n',
      'cgroup.subtree_control': enabled,
    });
    addGroup(host, `${parent}/here`, uid, {});
    fillNewGroups(host, uid, files2);
    return host;
  }

  it('makes a group beside the own one where the user was given their parent', () => {
    const host = delegatedMachine('cpu memory pids\n');
    const group = groupOf(confine(host, all));
    expect(group).toMatch(new RegExp(`^/sys/fs/cgroup${delegated}/anyarch-run-[^/]+$`));
    expect(read(host, `${group}/memory.max`)).toBe('536870912');
    expect(read(host, `${group}/cpu.max`)).toBe('150000 100000');
    // Two more for the launcher and the namespace's init.
    expect(read(host, `${group}/pids.max`)).toBe('22');
  });

  it('never shares a group, and removes those alone whose run is gone', () => {
    const host = delegatedMachine('cpu memory pids\n');
    const parent = `/sys/fs/cgroup${delegated}`;
    const gone = [`anyarch-run-${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}-1-1.0`];
    const young = ['anyarch-run-1-1-1.0', 'anyarch-run-77'];
    for (const name of [...gone, ...young])
      host.files.addDirectory(`${parent}/${name}`, { uid: 1000, gid: 1000 });
    const [first, second] = [confine(host, all), confine(host, all)].map(groupOf);
    expect(first).not.toBe(second);
    const left = host.files.list(parent).filter((name) => name.startsWith('anyarch-run-'));
    expect(left.map((name) => `${parent}/${name}`).sort()).toEqual(
      [...young.map((name) => `${parent}/${name}`), first, second].sort(),
    );
  });

  it('enables controllers in what is the user’s, and in nothing else', () => {
    const host = delegatedMachine('cpu\n');
    confine(host, all);
    expect(read(host, `/sys/fs/cgroup${delegated}/cgroup.subtree_control`)).toContain('+memory +pids');
    const { code, message } = refusal(() => confine(delegatedMachine('cpu\n', 0), all));
    expect(code).toBe('ANYARCH_LIMITS');
    expect(message).toContain('enable memory, pids');
  });

  it('takes a group of each controller of version 1', () => {
    const groups = '4:memory:/a\n3:cpu,cpuacct:/\n2:pids:/\n1:name=systemd:/\n0::/\n';
    const host = machine({ uid: 0, groups, mounts: classic });
    for (const path of ['memory/a', 'cpu,cpuacct', 'pids']) addGroup(host, `/sys/fs/cgroup/${path}`, 0, {});
    fillNewGroups(host, 0, {
      'memory.limit_in_bytes': '',
      'cpu.cfs_period_us': '',
      'cpu.cfs_quota_us': '',
      'pids.max': '',
    });
    const { processes } = confine(host, all);
    expect(processes.map((path) => path.replace(/anyarch-run-[^/]+/, 'NEW'))).toEqual([
      '/sys/fs/cgroup/memory/a/NEW/cgroup.procs',
      '/sys/fs/cgroup/cpu,cpuacct/NEW/cgroup.procs',
      '/sys/fs/cgroup/pids/NEW/cgroup.procs',
    ]);
    const quota = (processes[1] ?? '').replace('cgroup.procs', 'cpu.cfs_quota_us');
    expect(read(host, quota)).toBe('150000');
  });

  it('asks systemd where it runs for the user', () => {
    const host = machine({ uid: 1000, groups: '0::/user.slice/session-1.scope\n', mounts: unified });
    addGroup(host, '/sys/fs/cgroup/user.slice/session-1.scope', 0, {});
    addGroup(host, '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service', 1000, {
      'cgroup.controllers': 'cpu memory pids\n',
    });
    host.files.addFile('/run/user/1000/systemd/private', '');
    host.files.addFile('/usr/bin/systemd-run', 'x', { mode: 0o755 });
    const runtime = { XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(confine(host, all).scope?.({ A: '1', ...runtime })).toEqual({
      words: [
        '/usr/bin/systemd-run',
        '--user',
        '--scope',
        '--quiet',
        '--collect',
        '--description=anyarch run',
        '--property=MemoryMax=536870912',
        '--property=CPUQuota=150%',
        '--property=TasksMax=22',
        '--',
      ],
      environment: runtime,
    });
    // A guest with an environment of its own does not see what systemd-run needs.
    expect(confine(host, all).scope?.({ A: '1' }).words.slice(-4)).toEqual([
      '--',
      '/usr/bin/env',
      '-u',
      'XDG_RUNTIME_DIR',
    ]);
    expect(confine(host, all).scope?.({ XDG_RUNTIME_DIR: '/run' }).words.slice(-2)).toEqual([
      '/usr/bin/env',
      'XDG_RUNTIME_DIR=/run',
    ]);
    // A property without its controller would have no effect, and nobody would say so.
    host.files.addFile(
      '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers',
      'memory pids\n',
    );
    expect(refusal(() => confine(host, all)).details['rejected']).toEqual(
      expect.arrayContaining([expect.stringContaining('the cpu controller for users') as string]),
    );
    expect(confine(host, { pids: 5 }).scope?.({}).words).toContain('--property=TasksMax=7');
  });

  it('refuses where nothing has the controllers', () => {
    const host = machine({ uid: 1000, groups: '', mounts: [] });
    expect(refusal(() => confine(host, all))).toMatchObject({
      code: 'ANYARCH_LIMITS',
      message: expect.stringContaining('memory, cpu, pids') as string,
    });
  });
});
