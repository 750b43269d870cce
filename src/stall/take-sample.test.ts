import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { holderElsewhere } from './elsewhere.ts';
import { parseStat } from './proc-files.ts';
import { processTree } from './process-tree.ts';
import type { Wait } from './sample.ts';
import { takeSample } from './take-sample.ts';
import { waitingCallsOf } from './waiting-call.ts';

const stat = (state: string, parent: number, startTime = 500, name = 'a (b) c'): string =>
  `10 (${name}) ${state} ${parent} 1 1 0 -1 0 0 0 0 0 12 3 0 0 20 0 1 0 ${startTime} 1 1`;

const forReading = 'pos:\t0\nflags:\t0100000\n';
const forWriting = 'pos:\t0\nflags:\t0100001\n';
const readPipe = '0 0x0 0x1 0x1 0x0 0x0 0x0 0x7 0x8';

interface Given {
  readonly name?: string;
  readonly state?: string;
  readonly call?: string;
  readonly descriptors?: Readonly<Record<number, string>>;
  /** What fdinfo says of them; default: as for reading. */
  readonly infos?: Readonly<Record<number, string>>;
  /** Of /proc/PID. */
  readonly files?: Readonly<Record<string, string>>;
  readonly children?: string;
  readonly parent?: number;
}

function addProcess(host: FakeHost, pid: number, given: Given = {}): void {
  const { state = 'S', call = '202 0x1 0x80 0x0 0x0 0x0 0x0 0x7 0x8', descriptors = {}, parent = 1 } = given;
  const { files } = host;
  for (const directory of [`/proc/${pid}`, `/proc/${pid}/task/${pid}`])
    files.addFile(`${directory}/stat`, stat(state, parent, 500, given.name));
  files.addFile(
    `/proc/${pid}/task/${pid}/status`,
    'Name:\tx\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t9\n',
  );
  files.addFile(`/proc/${pid}/task/${pid}/schedstat`, '150000000 5000000 3\n');
  files.addFile(`/proc/${pid}/task/${pid}/syscall`, `${call}\n`);
  files.addFile(`/proc/${pid}/task/${pid}/children`, given.children ?? '');
  files.addFile(
    `/proc/${pid}/io`,
    'rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\ncancelled_write_bytes: 0\n',
  );
  files.addFile(`/proc/${pid}/statm`, '1000 100 50 1 0 20 0\n');
  for (const [descriptor, target] of Object.entries(descriptors)) {
    files.addLink(`/proc/${pid}/fd/${descriptor}`, target);
    files.addFile(`/proc/${pid}/fdinfo/${descriptor}`, given.infos?.[Number(descriptor)] ?? forReading);
  }
  for (const [name, text] of Object.entries(given.files ?? {})) files.addFile(`/proc/${pid}/${name}`, text);
}

function waitOf(host: FakeHost, given: Given, others: readonly number[] = []): Wait | undefined {
  addProcess(host, 10, given);
  const { processes } = takeSample(
    {
      files: host.files,
      now: () => 5,
      nameCall: waitingCallsOf('x86_64'),
      isLittleEndian: true,
    },
    [10, ...others],
  );
  return processes[0]?.threads[0]?.wait;
}

describe('takeSample', () => {
  it('reads what a thread has done', () => {
    const host = fakeHost();
    addProcess(host, 10);
    const sampler = {
      files: host.files,
      now: () => 5,
      nameCall: waitingCallsOf('x86_64'),
      isLittleEndian: true,
    };
    expect(takeSample(sampler, [10, 99])).toEqual({
      atMs: 5,
      processes: [
        {
          pid: 10,
          parent: 1,
          transfer: '1 2 3 4',
          pages: { size: 1000, resident: 100 },
          threads: [
            {
              tid: 10,
              name: 'a (b) c',
              state: 'S',
              startTime: '500',
              userMs: 120,
              systemMs: 30,
              cpuMs: 150,
              delayMs: 5,
              sleeps: 7,
              wait: { kind: 'inside', text: 'futex, without a time limit' },
            },
          ],
        },
      ],
    });
  });

  const forEver = '0xffffffffffffffff';
  it.each<[string, Given, Wait['kind']]>([
    ['a lock', { call: '202 0x1 0x89 0x0 0x0 0x0 0xffffffff 0x7 0x8' }, 'inside'],
    ['a lock with a time limit', { call: '202 0x1 0x89 0x0 0x7ffc01 0x0 0x0 0x7 0x8' }, 'time'],
    ['a time', { call: '230 0x0 0x0 0x7ffc01 0x0 0x0 0x0 0x7 0x8' }, 'time'],
    ['a child', { call: '61 0x5 0x0 0x0 0x0 0x0 0x0 0x7 0x8' }, 'inside'],
    ['the CPU', { call: 'running', state: 'R' }, 'running'],
    ['a disk', { call: '-1 0x7 0x8', state: 'D' }, 'outside'],
    ['a call that is not known', { call: '73 0x3 0x2 0x0 0x0 0x0 0x0 0x7 0x8' }, 'outside'],
    ['nothing that is told', { call: '' }, 'unknown'],
    [
      'a pipe of its own',
      { call: readPipe, descriptors: { 0: 'pipe:[7]', 4: 'pipe:[7]' }, infos: { 4: forWriting } },
      'inside',
    ],
    ['a pipe of somebody else', { call: readPipe, descriptors: { 0: 'pipe:[7]', 4: 'pipe:[7]' } }, 'outside'],
    [
      'a pipe that was given',
      { call: '0 0x0 0x1 0x1 0x0 0x0 0x0 0x7 0x8', descriptors: { 0: 'pipe:[99]' } },
      'outside',
    ],
    [
      'a terminal',
      { call: '0 0x0 0x1 0x1 0x0 0x0 0x0 0x7 0x8', descriptors: { 0: '/dev/pts/3' } },
      'outside',
    ],
    [
      'a connection',
      { call: '288 0x3 0x0 0x0 0x0 0x0 0x0 0x7 0x8', descriptors: { 3: 'socket:[5]' } },
      'outside',
    ],
    ['a signal', { call: '130 0x1 0x8 0x0 0x0 0x0 0x0 0x7 0x8' }, 'outside'],
    ['nothing for ever', { call: `271 0x0 0x0 0x0 0x0 0x8 0x0 0x7 0x8` }, 'outside'],
    ['an event for some time', { call: '281 0x4 0x1 0x400 0x3e8 0x0 0x8 0x7 0x8' }, 'time'],
    ['an event that cannot be told', { call: `281 0x4 0x1 0x400 ${forEver} 0x0 0x8 0x7 0x8` }, 'unknown'],
  ])('knows a wait for %s', (_what, given, kind) => {
    const host = fakeHost();
    host.files.addLink('/proc/self/fd/0', 'pipe:[99]');
    expect(waitOf(host, given)?.kind).toBe(kind);
  });

  it.each<[string, Readonly<Record<number, string>>, Wait['kind']]>([
    ['its own pipes and events', { 5: 'pipe:[7]', 6: 'anon_inode:[eventfd]', 7: 'pipe:[7]' }, 'inside'],
    ['a connection among them', { 5: 'pipe:[7]', 6: 'socket:[40]', 7: 'pipe:[7]' }, 'outside'],
    ['a timer among them', { 5: 'pipe:[7]', 6: 'anon_inode:[timerfd]', 7: 'pipe:[7]' }, 'time'],
    ['changes of files', { 5: 'anon_inode:inotify', 6: 'pipe:[7]' }, 'outside'],
  ])('looks at what an epoll watches: %s', (_what, descriptors, kind) => {
    const host = fakeHost();
    host.files.addFile('/proc/10/fdinfo/4', 'pos:\t0\ntfd:        5 events: 19\ntfd:        6 events: 19\n');
    const call = `281 0x4 0x1 0x400 ${forEver} 0x0 0x8 0x7 0x8`;
    expect(waitOf(host, { call, descriptors, infos: { 7: forWriting } })?.kind).toBe(kind);
  });

  const pause = '34 0x0 0x0 0x0 0x0 0x0 0x0 0x7 0x8';
  const child = '61 0x5 0x0 0x0 0x0 0x0 0x0 0x7 0x8';
  const sharedLock = '202 0x7f0010 0x0 0x0 0x0 0x0 0x0 0x7 0x8';
  const caught = (mask: string): Readonly<Record<string, string>> => ({ status: `SigCgt:\t${mask}\n` });
  const maps = (path: string): Readonly<Record<string, string>> => ({
    maps: `7e0000-7e1000 rw-p 00000000 00:00 0 \n7f0000-7f1000 rw-s 00000000 00:1a 9      ${path}\n`,
  });
  it.each<[string, Given, Wait['kind']]>([
    ['what only the emulator handles', { files: caught('00000007000004dc') }, 'inside'],
    ['SIGALRM', { files: caught('00000007000024dc') }, 'time'],
    ['SIGALRM, for a child', { call: child, files: caught('0000000000002000') }, 'time'],
    ['a timer', { files: { timers: 'ID: 0\nsignal: 36/0\n' } }, 'time'],
    ['SIGUSR1', { files: caught('00000007000006dc') }, 'outside'],
    ['SIGUSR1, for a child', { call: child, files: caught('0000000000000200') }, 'inside'],
    ['a real-time signal', { files: caught('0000800000000000') }, 'outside'],
    ['the end, when it is told to', { files: caught('0000000000004003') }, 'inside'],
    [
      'what its runtime handles',
      { files: { ...caught('0000000000000200'), cmdline: '/q/qemu-arm\0-0\0/usr/bin/node\0x.js' } },
      'inside',
    ],
    ['nearly everything', { files: caught('ffffffff7780feff') }, 'inside'],
    ['a signal only', { call: pause }, 'outside'],
    ['memory of several programs', { call: sharedLock, files: maps('/dev/shm/sem.x') }, 'outside'],
    ['memory that children have, too', { call: sharedLock, files: maps('/dev/zero (deleted)') }, 'inside'],
    [
      'memory that says it is its own',
      { call: sharedLock.replace(' 0x0', ' 0x80'), files: maps('/x') },
      'inside',
    ],
    ['memory beside it', { call: sharedLock.replace('0x7f0010', '0x7e0010'), files: maps('/x') }, 'inside'],
  ])('knows what else may end a wait: %s', (_what, given, kind) => {
    expect(waitOf(fakeHost(), given)?.kind).toBe(kind);
  });

  it('knows threads that only look around by their names, and those of Go by how they do', () => {
    const nap = '35 0x1 0x0 0x0 0x0 0x0 0x0 0x7 0x8';
    expect(waitOf(fakeHost(), { call: nap })?.kind).toBe('time');
    expect(waitOf(fakeHost(), { call: nap, files: caught('fffffffe7fc1feff') })?.kind).toBe('nap');
    const timedLock = '202 0x1 0x89 0x0 0x7ffc01 0x0 0x0 0x7 0x8';
    expect(waitOf(fakeHost(), { call: timedLock, name: 'VM Periodic Tas' })?.kind).toBe('nap');
  });

  it.each([['little', new Uint8Array([5, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0])]])(
    'reads a poll from memory, %s-endian',
    (_name, memory) => {
      const host = fakeHost();
      const bytes = new Uint8Array(64);
      bytes.set(memory, 32);
      host.files.addFile('/proc/10/mem', bytes);
      const call = '271 0x20 0x2 0x0 0x0 0x8 0x0 0x7 0x8';
      const descriptors = { 5: 'pipe:[7]', 6: 'pipe:[7]' };
      expect(waitOf(host, { call, descriptors, infos: { 6: forWriting } })?.kind).toBe('inside');
      expect(waitOf(host, { call: '271 0x1000 0x2 0x0 0x0 0x8 0x0 0x7 0x8' })?.kind).toBe('unknown');
    },
  );

  it('reads a select from memory', () => {
    const host = fakeHost();
    const bytes = new Uint8Array(64);
    bytes[16] = 0b10_0000;
    host.files.addFile('/proc/10/mem', bytes);
    const call = '270 0x6 0x10 0x0 0x0 0x0 0x0 0x7 0x8';
    expect(waitOf(host, { call, descriptors: { 5: '/dev/tty' } })).toEqual({
      kind: 'outside',
      text: 'pselect6 on 5 (/dev/tty)',
    });
  });

  it('tells a pair of sockets within the guest from a connection', () => {
    const host = fakeHost();
    const header = 'Num RefCount Protocol Flags Type St Inode Path\n';
    const line = (inode: number, path = ''): string =>
      `0: 00000003 00000000 00000000 0001 03 ${inode} ${path}\n`;
    host.files.addFile(
      '/proc/10/net/unix',
      `${header}${line(40)}${line(41)}${line(50)}${line(51, '/run/x')}`,
    );
    addProcess(host, 11, { descriptors: { 3: 'socket:[41]', 4: 'socket:[51]' }, parent: 10 });
    const call = '0 0x3 0x1 0x1 0x0 0x0 0x0 0x7 0x8';
    expect(waitOf(host, { call, descriptors: { 3: 'socket:[40]' } }, [11])?.kind).toBe('inside');
    const other = fakeHost();
    other.files.addFile('/proc/10/net/unix', `${header}${line(50)}${line(51, '/run/x')}`);
    addProcess(other, 11, { descriptors: { 4: 'socket:[51]' }, parent: 10 });
    expect(waitOf(other, { call, descriptors: { 3: 'socket:[50]' } }, [11])?.kind).toBe('outside');
  });

  it('takes a shell that waits for a signal of its child for one that waits for the child', () => {
    const host = fakeHost();
    addProcess(host, 11, { parent: 10 });
    const call = '130 0x1 0x8 0x0 0x0 0x0 0x0 0x7 0x8';
    expect(waitOf(host, { call }, [11])?.kind).toBe('inside');
  });
});

describe('processTree', () => {
  it('keeps what has lost its parent, and forgets numbers that are given again', () => {
    const host = fakeHost();
    addProcess(host, 10, { children: '11 ' });
    addProcess(host, 11, { children: '12 ' });
    addProcess(host, 12);
    const tree = processTree(host.files, 10);
    expect(tree.look()).toEqual([10, 11, 12]);
    host.files.remove('/proc/11');
    host.files.addFile('/proc/10/task/10/children', '');
    expect(tree.look()).toEqual([10, 12]);
    host.files.addFile('/proc/12/stat', stat('S', 1, 900));
    expect(tree.look()).toEqual([10]);
  });
});

describe('processTree with a mark', () => {
  it('finds what lost its parent before anybody looked', () => {
    const host = fakeHost();
    addProcess(host, 10);
    addProcess(host, 20, { files: { environ: 'A=1\0MARK=x\0' }, children: '21 ' });
    addProcess(host, 21);
    addProcess(host, 30, { files: { environ: 'MARK=xy\0' } });
    expect(processTree(host.files, 10, 'MARK=x').look()).toEqual([10, 20, 21]);
    expect(processTree(host.files, 10).look()).toEqual([10]);
  });
});

describe('holderElsewhere', () => {
  const event = { 0: 'anon_inode:[eventfd]' };
  const eventInfo = { 0: 'flags:\t02\neventfd-count: 0\neventfd-id: 5\n' };
  const pipes = { 0: 'pipe:[7]', 4: 'pipe:[7]' };
  it.each<[string, Given, Given, RegExp]>([
    [
      'has the other end',
      { descriptors: pipes, infos: { 4: forWriting } },
      { descriptors: { 3: 'pipe:[7]' }, infos: { 3: forWriting } },
      /process 20.*pipe:\[7\]/,
    ],
    [
      'has the same end',
      { descriptors: pipes, infos: { 4: forWriting } },
      { descriptors: { 3: 'pipe:[7]' } },
      /^nobody$/,
    ],
    [
      'has the event',
      { descriptors: event, infos: eventInfo },
      { descriptors: event, infos: eventInfo },
      /eventfd:\[5\]/,
    ],
    [
      'has another event',
      { descriptors: event, infos: eventInfo },
      { descriptors: event, infos: { 0: 'eventfd-id: 6\n' } },
      /^nobody$/,
    ],
  ])('tells whether somebody else %s', (_what, own, other, expected) => {
    const host = fakeHost();
    addProcess(host, 10, { call: readPipe, ...own });
    addProcess(host, 20, other);
    const sampler = {
      files: host.files,
      now: () => 5,
      nameCall: waitingCallsOf('x86_64'),
      isLittleEndian: true,
    };
    const holder = holderElsewhere(host.files, takeSample(sampler, [10]));
    expect(holder ?? 'nobody').toMatch(expected);
  });
});

describe('parseStat', () => {
  it.each(['', '10', '10 (a', '10 (a) S', ') ('])('gives up on "%s"', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

describe('waitingCallsOf', () => {
  it.each([
    ['x86_64', 202, 'futex'],
    ['aarch64', 98, 'futex'],
    ['riscv64', 22, 'epoll_pwait'],
    ['s390x', 238, 'futex'],
    ['ppc64le', 0, 'restart_syscall'],
  ])('on %s %d is %s', (machine, number, name) => {
    expect(waitingCallsOf(machine)?.(number)).toBe(name);
  });

  it('knows no others', () => {
    expect(waitingCallsOf('x86_64')?.(-1)).toBeUndefined();
    expect(waitingCallsOf('x86_64')?.(9999)).toBeUndefined();
    expect(waitingCallsOf('vax')).toBeUndefined();
  });
});
