import { beforeEach, describe, expect, test } from 'vitest';
import { sha, state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('somebody else keeps files there', () => {
  const home = '/home/me';
  const guest = `${sha.slice(0, 16)}-1`;
  beforeEach(() => {
    at = uninstallMachine({ system: { environment: { HOME: '/root', ANYARCH_HOME: home } } });
  });

  test('only what is ours goes, links are not followed, and what stays is told', async () => {
    at.addEverything(home);
    const theirs = [
      `${home}/letter.txt`,
      `${home}/store/sha256/notes`,
      `${home}/cache/browser/x`,
      `${home}/guests/uncle`,
      '/etc/passwd-of-others',
    ];
    for (const path of theirs) at.host.files.addFile(path, 'theirs');
    at.host.files.addFile(`${home}/digests.json`, '{"mine":true}');
    at.host.files.addLink(`${home}/store/temporary/4026531836-78-123.0a1b2c`, '/etc/passwd-of-others');
    const { outcome, left } = await at.run();
    expect(outcome).toBe('ok');
    for (const path of theirs) expect(at.host.files.status(path)).toBeDefined();
    expect(left.map(({ subject }) => subject).toSorted()).toEqual(
      [
        `${home}/cache/browser`,
        `${home}/digests.json`,
        // Names alone prove nothing.
        `${home}/guests/.building-aB3dEf`,
        `${home}/guests/uncle`,
        `${home}/letter.txt`,
        `${home}/mount`,
        `${home}/store/sha256/notes`,
        `${home}/store/temporary/4026531836-77-123.0a1b2c`,
        `${home}/store/temporary/4026531836-78-123.0a1b2c`,
      ].toSorted(),
    );
    expect(left.find(({ subject }) => subject.endsWith('-78-123.0a1b2c'))?.reason).toBe(
      'it is a link to /etc/passwd-of-others, which anyarch did not make',
    );
    expect(at.tree(home).filter((path) => !path.endsWith('/') || path.endsWith('/mount/'))).toHaveLength(
      left.length,
    );
  });

  test('what only has a name of ours is theirs, empty directories too', async () => {
    const names = [
      'guests/0123456789abcdef-1/letter',
      `guests/${guest}/bin/busybox`,
      `store/sha256/${sha}/photo.jpg`,
      'store/temporary/1-2-3.0a',
      `cache/sha256/${sha}`,
      'cache/layers/blobs/' + sha,
      'guests.json',
      'registrations.lock',
    ];
    for (const name of names) at.host.files.addFile(`${home}/${name}`, 'theirs');
    for (const name of ['mount', 'cache/images', 'guests/.building-x'])
      at.host.files.addDirectory(`${home}/${name}`);
    const before = at.tree();
    expect(await at.run()).toMatchObject({ outcome: 'ok', removed: [] });
    expect(at.tree()).toEqual(before);
  });

  test('an empty directory that ANYARCH_HOME names stays', async () => {
    at.host.files.addDirectory(home);
    expect(await at.run()).toMatchObject({ removed: [], left: [] });
    expect(at.host.files.status(home)).toBeDefined();
  });

  test('one that is used for nothing else goes, with all that is in it', async () => {
    at.addEverything(home);
    expect(await at.run()).toMatchObject({ outcome: 'ok', left: [] });
    expect(at.host.files.status(home)).toBeUndefined();
  });

  test('a store that is a link is not followed', async () => {
    at.host.files.addFile(`/big/sha256/${sha}/qemu-arm`, 'x');
    at.host.files.addDirectory(home);
    at.host.files.addLink(`${home}/store`, '/big');
    expect((await at.run()).left).toMatchObject([
      { subject: `${home}/store`, reason: 'it is a link to /big, which anyarch did not make' },
    ]);
    expect(at.host.files.status(`/big/sha256/${sha}/qemu-arm`)).toBeDefined();
  });

  test('a state directory behind a link is emptied, the link stays', async () => {
    at.host.files.addFile('/data/state/digests.json', '{"schema":1}');
    at.host.files.addLink(home, '/data/state');
    expect(await at.run()).toMatchObject({ left: [{ subject: home }] });
    expect(at.host.files.list('/data/state')).toEqual([]);
  });

  test('where others could exchange what is looked at, nothing is touched', async () => {
    at.addEverything(home);
    at.host.files.addDirectory('/home/me', { uid: 1000 });
    const { left } = await at.run();
    expect(left).toContainEqual({
      subject: home,
      reason: `${home} belongs to another user, who could exchange what is there`,
    });
    expect(at.host.files.status(`${home}/emulators.json`)).toBeDefined();
  });

  test('what is mounted stays mounted, with all that is in it', async () => {
    at.addEverything(home);
    at.host.files.addFile(
      '/proc/self/mountinfo',
      `30 1 0:1 / ${home}/guests/${guest}/mnt rw - ext4 /dev/x rw\n`,
    );
    expect((await at.run()).left).toContainEqual({
      subject: `${home}/guests/${guest}`,
      reason: `something is mounted at ${home}/guests/${guest}/mnt`,
    });
    expect(at.host.files.status(`${home}/guests/${guest}/bin/busybox`)).toBeDefined();
  });

  test("the system's own state is told, not touched", async () => {
    at.host.files.addFile(`${state}/digests.json`, '{}');
    at.host.files.addFile('/usr/local/lib/anyarch/current/qemu-arm', '');
    expect((await at.run()).left).toEqual([
      { subject: state, reason: 'another state directory: uninstall without ANYARCH_HOME, too' },
    ]);
    expect(at.host.files.status('/usr/local/lib/anyarch/current/qemu-arm')).toBeDefined();
  });
});
