import { beforeEach, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import type { FakeHost, FakeHostOptions } from '../host/testing/index.ts';
import { applyFiles } from '../installed-files/index.ts';
import { registrationHost, type RegistrationHost } from '../registration/testing/registration-host.ts';
import type { UninstallReport } from './report.ts';
import { uninstall, type UninstallOptions } from './uninstall.ts';

const state = '/var/lib/anyarch';
const sha = 'ab'.repeat(32);

let machine: RegistrationHost;
let host: FakeHost;
beforeEach(() => {
  start();
});

function start(options: FakeHostOptions = {}): void {
  machine = registrationHost([], options);
  host = machine.host;
  for (const path of ['/var/tmp', '/root/.cache', '/var/lib', '/var/cache', '/etc', '/usr/local/lib'])
    host.files.addDirectory(path);
  host.files.addDirectory('/dev/shm', { mode: 0o1777 });
}

const run = (options: Partial<UninstallOptions> = {}): Promise<UninstallReport> =>
  uninstall(host, { workingDirectory: '/work', ...options });

/** Every path below a directory, without /proc. */
function tree(directory = ''): string[] {
  return host.files.list(directory === '' ? '/' : directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    if (path === '/proc') return [];
    return host.files.linkStatus(path)?.kind === 'directory' ? [`${path}/`, ...tree(path)] : [path];
  });
}

/** Everything that anyarch leaves behind, killed commands included. */
function addEverything(home = state): string[] {
  const files = [
    `store/sha256/${sha}/qemu-s390x`,
    'store/temporary/4026531836-77-123.0a1b2c',
    'emulators.json',
    'emulators.json.lock.after-abc-123',
    'emulators.json.77-1-m3x.tmp',
    'guests.json',
    'guests/0123456789abcdef-1/bin/busybox',
    'guests/.building-aB3dEf/bin/busybox',
    'digests.json',
    'digests.json.7-2-abc.tmp',
    'persistence.json',
  ].map((path) => `${home}/${path}`);
  const others = [
    `/root/.cache/anyarch/sha256/${sha}`,
    `/root/.cache/anyarch/sha256/${sha}.part.4026531836-7-12.0a1b`,
    '/root/.cache/anyarch/launcher/0123456789abcdef',
    '/root/.cache/anyarch/code/v20.20.0-x64-1-2-3-run',
    `/root/.cache/anyarch/layers/records/${sha}.gzip-6.json`,
    `/root/.cache/anyarch/layers/blobs/${sha}`,
    '/root/.cache/anyarch/layers/temporary/4026531836-7-12.0',
    `/root/.cache/anyarch/images/store/sha256/${sha}/qemu-arm`,
    '/root/.cache/anyarch/images/emulators.json',
    `/var/cache/anyarch/sha256/${sha}`,
    '/tmp/anyarch-0/launcher/0123456789abcdef',
    '/dev/shm/anyarch-0/launcher/0123456789abcdef.7-1-abc.tmp',
    '/tmp/anyarch-probe-77-4026531836-12/executable',
    '/var/tmp/anyarch-probe-77-1-12/s390x',
  ];
  for (const path of [...files, ...others]) host.files.addFile(path, '{"schema":1}');
  // Of a process that is gone.
  const dead = { pid: 77, startTime: '1', bootId: 'another', pidNamespace: 'pid:[1]', nonce: 'abc' };
  host.files.addFile(`${home}/registrations.lock`, JSON.stringify(dead));
  host.files.addLink(`${home}/guests/0123456789abcdef-1/bin/sh`, '/etc');
  host.files.addDirectory(`${home}/mount`);
  return files;
}

describe('nothing is left', () => {
  test('of all that commands and killed commands leave', async () => {
    const before = tree();
    addEverything();
    expect(await run()).toMatchObject({ outcome: 'ok', left: [] });
    expect(tree()).toEqual(before);
  });

  test('of entries, which others have there, too', async () => {
    const before = tree();
    host.addProgram(`${state}/store/sha256/${sha}/qemu-s390x`);
    machine.addEntry(':jar:M::PK::/usr/bin/jexec:');
    machine.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:F`);
    const report = await run();
    expect(report.outcome).toBe('ok');
    expect(report.removed[0]).toMatchObject({ kind: 'entry', subject: 'qemu-s390x' });
    expect([...machine.entries().keys()]).toEqual(['jar']);
    expect(tree()).toEqual(before);
  });

  test('of installed files and the directories that were made for them', async () => {
    const before = tree();
    install();
    const report = await run();
    expect(report).toMatchObject({ outcome: 'ok', left: [] });
    expect(report.removed).toContainEqual({
      kind: 'configuration',
      subject: '/etc/binfmt.d/anyarch-s390x.conf',
    });
    expect(report.removed).toContainEqual({ kind: 'service', subject: '/usr/local/lib/anyarch/bin/anyarch' });
    expect(tree()).toEqual(before);
  });

  test('where nothing was, nothing is done', async () => {
    const before = tree();
    expect(await run()).toEqual({ outcome: 'ok', dryRun: false, removed: [], left: [], users: [] });
    expect(tree()).toEqual(before);
  });
});

function install(): void {
  applyFiles(host, state, 'persistence', [{ path: '/etc/binfmt.d/anyarch-s390x.conf', content: ':a:' }]);
  applyFiles(host, state, 'watch', [{ path: '/usr/local/lib/anyarch/bin/anyarch', content: 'program' }]);
}

describe('--dry-run', () => {
  test('lists just what goes, and touches nothing', async () => {
    addEverything();
    install();
    machine.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`);
    const before = tree();
    const planned = await run({ dryRun: true });
    expect(tree()).toEqual(before);
    expect(machine.entries().size).toBe(1);
    const done = await run();
    const subjects = ({ removed }: UninstallReport) => removed.map(({ subject }) => subject).toSorted();
    // Other steps may have cleared away what killed commands left, and emptied directories.
    const isCleared = (path: string): boolean =>
      /\.(lock|tmp)$/.test(path) || path === '/usr/local/lib/anyarch';
    const expected = subjects(planned).filter(
      (path) => !isCleared(path) && !path.endsWith('/installed.json'),
    );
    expect(expected.length).toBeGreaterThan(30);
    expect(subjects(done)).toEqual(expect.arrayContaining(expected));
    expect(planned.left).toEqual([]);
  });
});

describe('somebody else keeps files there', () => {
  const home = '/home/me';
  beforeEach(() => {
    start({ system: { environment: { HOME: '/root', ANYARCH_HOME: home } } });
  });

  test('only what is ours goes, links are not followed, and what stays is told', async () => {
    addEverything(home);
    const theirs = [
      `${home}/letter.txt`,
      `${home}/store/sha256/notes`,
      `${home}/cache/browser/x`,
      `${home}/guests/uncle`,
      '/etc/passwd-of-others',
    ];
    for (const path of theirs) host.files.addFile(path, 'theirs');
    host.files.addFile(`${home}/digests.json`, '{"mine":true}');
    host.files.addLink(`${home}/store/temporary/4026531836-78-123.0a1b2c`, '/etc/passwd-of-others');
    const { outcome, left } = await run();
    expect(outcome).toBe('ok');
    for (const path of theirs) expect(host.files.status(path)).toBeDefined();
    expect(left.map(({ subject }) => subject).toSorted()).toEqual(
      [
        `${home}/cache/browser`,
        `${home}/digests.json`,
        `${home}/guests/uncle`,
        `${home}/letter.txt`,
        `${home}/store/sha256/notes`,
        `${home}/store/temporary/4026531836-78-123.0a1b2c`,
      ].toSorted(),
    );
    expect(left.find(({ subject }) => subject.endsWith('0a1b2c'))?.reason).toBe(
      'it is a link to /etc/passwd-of-others, which anyarch did not make',
    );
    expect(tree(home).filter((path) => !path.endsWith('/'))).toHaveLength(left.length);
  });

  test('a store that is a link is not followed', async () => {
    host.files.addFile(`/big/sha256/${sha}/qemu-arm`, 'x');
    host.files.addDirectory(home);
    host.files.addLink(`${home}/store`, '/big');
    expect((await run()).left).toEqual([
      { subject: `${home}/store`, reason: 'it is a link to /big, which anyarch did not make' },
    ]);
    expect(host.files.status(`/big/sha256/${sha}/qemu-arm`)).toBeDefined();
  });

  test('a state directory behind a link is emptied, the link stays', async () => {
    host.files.addFile('/data/state/digests.json', '{"schema":1}');
    host.files.addLink(home, '/data/state');
    expect(await run()).toMatchObject({ left: [{ subject: home }] });
    expect(host.files.list('/data/state')).toEqual([]);
  });

  test('where others could exchange what is looked at, nothing is touched', async () => {
    addEverything(home);
    host.files.addDirectory('/home/me', { uid: 1000 });
    const { left } = await run();
    expect(left).toContainEqual({
      subject: home,
      reason: `${home} belongs to another user, who could exchange what is there`,
    });
    expect(host.files.status(`${home}/emulators.json`)).toBeDefined();
  });

  test('what is mounted stays mounted, with all that is in it', async () => {
    addEverything(home);
    host.files.addFile(
      '/proc/self/mountinfo',
      `30 1 0:1 / ${home}/guests/0123456789abcdef-1/mnt rw - ext4 /dev/x rw\n`,
    );
    expect((await run()).left).toContainEqual({
      subject: `${home}/guests/0123456789abcdef-1`,
      reason: `something is mounted at ${home}/guests/0123456789abcdef-1/mnt`,
    });
    expect(host.files.status(`${home}/guests/0123456789abcdef-1/bin/busybox`)).toBeDefined();
  });

  test("the system's own state is told, not touched", async () => {
    host.files.addFile(`${state}/digests.json`, '{}');
    host.files.addFile('/usr/local/lib/anyarch/current/qemu-arm', '');
    expect((await run()).left).toEqual([
      { subject: state, reason: 'another state directory: uninstall without ANYARCH_HOME, too' },
    ]);
    expect(host.files.status('/usr/local/lib/anyarch/current/qemu-arm')).toBeDefined();
  });
});

test('a relative ANYARCH_HOME starts where the command is called', async () => {
  start({ system: { environment: { ANYARCH_HOME: 'here/' } } });
  host.files.addFile('/work/here/digests.json', '{"schema":1}');
  await run();
  expect(host.files.status('/work/here')).toBeUndefined();
});

test('--keep-store keeps what was fetched', async () => {
  addEverything();
  const { left } = await run({ keepStore: true });
  expect(left.map(({ subject }) => subject).filter((path) => path.startsWith(state))).toEqual([
    `${state}/guests/0123456789abcdef-1`,
    `${state}/store/sha256/${sha}/qemu-s390x`,
    `${state}/emulators.json`,
    `${state}/guests.json`,
  ]);
  for (const path of [`store/sha256/${sha}/qemu-s390x`, 'emulators.json', 'guests.json'])
    expect(host.files.status(`${state}/${path}`)).toBeDefined();
  expect(await run()).toMatchObject({ outcome: 'ok', left: [] });
});

describe('processes that use it', () => {
  const process = (
    pid: number,
    program: string,
    words: readonly string[] = [program],
    environment = '',
  ): void => {
    host.files.addLink(`/proc/${pid}/exe`, program);
    host.files.addFile(`/proc/${pid}/cmdline`, words.join('\0'));
    host.files.addFile(`/proc/${pid}/environ`, environment);
  };
  const start = '/opt/anyarch/dist/cli/start.cjs';

  test.each([
    ['an emulated program', `${state}/store/sha256/${sha}/qemu-s390x`, undefined],
    ['one whose emulator was replaced', `${state}/store/sha256/${sha}/qemu-s390x (deleted)`, undefined],
    ['a guest', '/root/.cache/anyarch/launcher/0123456789abcdef', ['anyarch-run']],
    ['a program that runs after each boot', '/usr/local/lib/anyarch/emulators-0a/qemu-arm', undefined],
    ['another command', '/usr/bin/node', ['node', start, 'watch']],
  ])('are named, and nothing is touched: %s', async (_what, program, words) => {
    addEverything();
    process(77, program, words);
    const before = tree();
    await expect(run()).rejects.toMatchObject({ code: 'ANYARCH_IN_USE' });
    await expect(run()).rejects.toThrow('77 (');
    expect(tree()).toEqual(before);
    expect((await run({ dryRun: true })).users).toMatchObject([{ pid: 77 }]);
    expect(await run({ force: true })).toMatchObject({ outcome: 'ok', users: [{ pid: 77 }] });
  });

  test('a command that is probing counts, whoever has its number later does not', async () => {
    host.files.addFile('/dev/shm/anyarch-probe-77-4026531836-1/s390x', '');
    process(77, '/usr/bin/node', ['/anyarch', 'register']);
    await expect(run()).rejects.toThrow('77 (/dev/shm/anyarch-probe-77-4026531836-1)');
    process(77, '/usr/bin/vi', ['vi']);
    expect(await run()).toMatchObject({ outcome: 'ok', users: [] });
  });

  test('others do not count, nor does this one', async () => {
    process(77, '/usr/bin/qemu-s390x');
    process(78, '/usr/bin/node', ['node', start, 'watch'], 'A=1\0ANYARCH_HOME=/elsewhere\0');
    process(100, '/usr/bin/node', ['node', start, 'uninstall']);
    host.files.addDirectory('/proc/80');
    expect(await run()).toMatchObject({ outcome: 'ok', users: [] });
  });
});

describe('the watching service', () => {
  const program = '/usr/local/lib/anyarch/bin/anyarch';
  beforeEach(() => {
    install();
    host.files.addLink('/proc/79/exe', program);
  });

  test('is stopped where its init is at work', async () => {
    host.files.addDirectory('/run/systemd/system');
    host.processes.on(['systemctl'], {});
    expect(await run()).toMatchObject({ outcome: 'ok', users: [] });
    expect(host.processes.runs.map(({ command }) => command)).toContainEqual([
      'systemctl',
      'stop',
      'anyarch-watch.service',
    ]);
  });

  test('is in the way where nobody stops it', async () => {
    await expect(run()).rejects.toThrow(`79 (${program})`);
    expect(host.files.status(program)).toBeDefined();
  });
});

describe('what cannot be removed', () => {
  test('holds up the records only', async () => {
    addEverything();
    install();
    host.files.fail({ errno: 'EROFS', method: 'remove', path: /^\/etc/ });
    const report = await run();
    expect(report.outcome).toBe('partial');
    expect(report.left).toMatchObject([
      { subject: '/etc/binfmt.d/anyarch-s390x.conf', error: { code: 'ANYARCH_READ_ONLY_SYSTEM' } },
      { subject: state },
    ]);
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(host.files.status('/root/.cache/anyarch')).toBeUndefined();
    expect(host.files.status(`${state}/installed.json`)).toBeDefined();
  });

  test('what somebody changed stays without force, and beside with it', async () => {
    install();
    const path = '/etc/binfmt.d/anyarch-s390x.conf';
    host.files.addFile(path, 'theirs');
    expect(await run()).toMatchObject({ outcome: 'partial', left: [{ subject: path }, { subject: state }] });
    expect(await run({ force: true })).toMatchObject({
      outcome: 'ok',
      left: [{ subject: `${path}.anyarch-saved` }],
    });
    expect(host.files.status(state)).toBeUndefined();
    expect(host.files.list('/etc/binfmt.d')).toEqual(['anyarch-s390x.conf.anyarch-saved']);
  });

  test('a state directory that is read-only', async () => {
    addEverything();
    host.files.fail({ errno: 'EROFS', path: /^\/var\/lib\/anyarch/, method: 'remove' });
    const report = await run();
    expect(report.outcome).toBe('partial');
    expect(report.left.filter(({ error }) => error?.code !== 'ANYARCH_READ_ONLY_SYSTEM')).toEqual([]);
    expect(host.files.status('/root/.cache/anyarch')).toBeUndefined();
  });

  test('a damaged ledger is told with what to do about it, and stays', async () => {
    addEverything();
    host.files.addFile(`${state}/registrations.json`, '{');
    machine.addEntry(':jar:M::PK::/usr/bin/jexec:');
    const report = await run();
    expect(report.left[0]).toMatchObject({ error: { code: 'ANYARCH_LEDGER_INVALID' } });
    expect(host.files.status(`${state}/registrations.json`)).toBeDefined();
    expect(machine.entries().size).toBe(1);
  });
});

describe('a plain user', () => {
  beforeEach(() => {
    start({
      system: { uid: 1000, gid: 1000, environment: { HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' } },
    });
    for (const path of ['/home/me', '/run/user/1000'])
      host.files.addDirectory(path, { uid: 1000, gid: 1000 });
  });
  const own = (path: string): void => {
    const parts = path.split('/');
    parts.slice(3, -1).forEach((_, index) => {
      host.files.addDirectory(parts.slice(0, index + 4).join('/'), { uid: 1000, gid: 1000 });
    });
    host.files.addFile(path, '{"schema":1}', { uid: 1000, gid: 1000 });
  };

  test("removes what is his own, and is told what is the system's", async () => {
    for (const path of [
      '/home/me/.local/share/anyarch/emulators.json',
      `/home/me/.cache/anyarch/sha256/${sha}`,
      '/run/user/1000/anyarch/launcher/0123456789abcdef',
    ])
      own(path);
    host.files.addFile(`${state}/registrations.json`, '{"schema":1,"registrations":[]}');
    host.files.addFile('/tmp/anyarch-probe-1-2-3/s390x', '');
    Object.assign(host.files.credentials, { uid: 0 });
    host.binfmt.table().register(encodeUtf8(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`));
    const report = await run();
    expect(report.outcome).toBe('ok');
    expect(report.left.map(({ subject }) => subject)).toEqual(['qemu-s390x', state]);
    expect(machine.entries().size).toBe(1);
    expect(tree('/home/me').filter((path) => path.includes('anyarch'))).toEqual([]);
    expect(tree('/run/user/1000')).toEqual([]);
    expect(host.files.status(`${state}/registrations.json`)).toBeDefined();
  });
});

test("other users' own is told to root", async () => {
  host.files.addFile('/etc/passwd', 'root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\nbroken\n');
  host.files.addFile('/home/me/.cache/anyarch/x', '');
  expect((await run()).left).toEqual([
    { subject: '/home/me/.cache/anyarch', reason: "it is me's own: as me, anyarch uninstall" },
  ]);
});

describe('killed', () => {
  class Killed extends Error {}

  /** A host that is dead from its nth change on: even what would tidy up does not run any more. */
  function dyingAt(count: number): FakeHost {
    let left = count;
    const dying = <Part extends object>(part: Part, methods: readonly string[]): Part =>
      new Proxy(part, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function' || !methods.includes(String(name))) return value;
          return (...args: unknown[]): unknown => {
            left -= 1;
            if (left < 0) throw new Killed();
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    const changing = [
      'remove',
      'removeDirectory',
      'writeAtomic',
      'writeOnce',
      'writeLink',
      'rename',
      'createExclusive',
    ];
    return {
      ...host,
      files: dying(host.files, [...changing, 'createHeld', 'createFleeting', 'makeDirectory']),
      binfmt: { ...host.binfmt, table: () => dying(host.binfmt.table(), ['control', 'register']) },
    };
  }

  test('at any change, another call finishes', async () => {
    let isDone = false;
    let count = 0;
    for (; !isDone; count += 1) {
      start();
      const before = tree();
      addEverything();
      install();
      machine.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`);
      const dying = uninstall(dyingAt(count), { workingDirectory: '/' });
      isDone = await dying.then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return false;
        },
      );
      // Another process: the lock's holder is gone.
      host.files.addFile('/proc/self/stat', `101 (node) S ${'1 '.repeat(18)}6000 0\n`);
      host.files.remove('/proc/100/stat');
      const again = await uninstall(
        { ...host, system: { ...host.system, pid: 101 } },
        { workingDirectory: '/' },
      );
      expect({ count, left: again.left }).toEqual({ count, left: [] });
      expect(tree()).toEqual(before);
      expect(machine.entries().size).toBe(0);
    }
    expect(count).toBeGreaterThan(60);
  });
});
