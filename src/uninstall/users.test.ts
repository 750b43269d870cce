import { beforeEach, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import { sha, state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('a plain user', () => {
  beforeEach(() => {
    at = uninstallMachine({
      system: { uid: 1000, gid: 1000, environment: { HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' } },
    });
    for (const path of ['/home/me', '/run/user/1000'])
      at.host.files.addDirectory(path, { uid: 1000, gid: 1000 });
  });
  const own = (path: string): void => {
    const parts = path.split('/');
    parts.slice(3, -1).forEach((_, index) => {
      at.host.files.addDirectory(parts.slice(0, index + 4).join('/'), { uid: 1000, gid: 1000 });
    });
    at.host.files.addFile(path, '{"schema":1}', { uid: 1000, gid: 1000 });
  };

  test("removes what is his own, and is told what is the system's", async () => {
    for (const path of [
      '/home/me/.local/share/anyarch/emulators.json',
      `/home/me/.cache/anyarch/sha256/${sha}`,
      '/run/user/1000/anyarch/launcher/0123456789abcdef',
    ])
      own(path);
    at.host.files.addFile(`${state}/registrations.json`, '{"schema":1,"registrations":[]}');
    at.host.files.addFile('/usr/local/lib/anyarch/bin/anyarch', 'program');
    at.host.files.addFile('/tmp/anyarch-probe-1-2-3/s390x', '');
    Object.assign(at.host.files.credentials, { uid: 0 });
    at.host.binfmt
      .table()
      .register(encodeUtf8(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`));
    const report = await at.run();
    expect(report.outcome).toBe('ok');
    expect(report.left.map(({ subject }) => subject)).toEqual([
      'qemu-s390x',
      state,
      '/usr/local/lib/anyarch',
    ]);
    expect(at.entries().size).toBe(1);
    expect(at.tree('/home/me').filter((path) => path.includes('anyarch'))).toEqual([]);
    expect(at.tree('/run/user/1000')).toEqual([]);
    expect(at.host.files.status(`${state}/registrations.json`)).toBeDefined();
  });
});

test("other users' own is told to root", async () => {
  at.host.files.addFile(
    '/etc/passwd',
    'root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\nbroken\n',
  );
  at.host.files.addFile('/home/me/.cache/anyarch/x', '');
  at.host.files.addFile('/tmp/anyarch-1000/launcher/0123456789abcdef', '');
  expect((await at.run()).left).toEqual([
    { subject: '/home/me/.cache/anyarch', reason: "it is me's own: as me, anyarch uninstall" },
    { subject: '/tmp/anyarch-1000', reason: "it is me's own: as me, anyarch uninstall" },
  ]);
});
