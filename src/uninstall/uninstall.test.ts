import { beforeEach, describe, expect, test } from 'vitest';
import type { UninstallReport } from './report.ts';
import { sha, state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('nothing is left', () => {
  test('of all that commands and killed commands leave', async () => {
    const before = at.tree();
    at.addEverything();
    expect(await at.run()).toMatchObject({ outcome: 'ok', left: [] });
    expect(at.tree()).toEqual(before);
  });

  test('of entries, which others have there, too', async () => {
    const before = at.tree();
    at.host.addProgram(`${state}/store/sha256/${sha}/qemu-s390x`);
    at.addEntry(':jar:M::PK::/usr/bin/jexec:');
    at.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:F`);
    const report = await at.run();
    expect(report.outcome).toBe('ok');
    expect(report.removed[0]).toMatchObject({ kind: 'entry', subject: 'qemu-s390x' });
    expect([...at.entries().keys()]).toEqual(['jar']);
    expect(at.tree()).toEqual(before);
  });

  test('of installed files and the directories that were made for them', async () => {
    const before = at.tree();
    at.install();
    const report = await at.run();
    expect(report).toMatchObject({ outcome: 'ok', left: [] });
    expect(report.removed).toContainEqual({
      kind: 'configuration',
      subject: '/etc/binfmt.d/anyarch-s390x.conf',
    });
    expect(report.removed).toContainEqual({
      kind: 'service',
      subject: '/usr/local/lib/anyarch/bin/anyarch',
      place: '/usr/local/lib/anyarch',
    });
    expect(at.tree()).toEqual(before);
  });

  test('of start-up caches, whatever Node and build made them', async () => {
    const code = '/root/.cache/anyarch/code';
    const names = [
      'v20.20.2-x64-2146738-239442-1795278061267',
      'v22.23.3-arm64-9-303470-1795296624067-other',
      'v22.23.3-arm64-9-303470-1795296624067-image',
      'v24.0.0-nightly20250101abc-x64-1-2-3-run.4711',
    ];
    for (const name of names) at.host.files.addFile(`${code}/${name}`, 'code');
    expect(await at.run()).toMatchObject({ outcome: 'ok', left: [] });
    expect(at.host.files.status('/root/.cache/anyarch')).toBeUndefined();
    at.host.files.addFile(`${code}/v2-of-my-novel`, 'theirs');
    expect((await at.run()).left).toMatchObject([{ subject: `${code}/v2-of-my-novel` }]);
  });

  test('of what comes while it is at work', async () => {
    const launcher = '/root/.cache/anyarch/launcher';
    at.addEverything();
    const { files } = at.host;
    const remove = files.remove.bind(files);
    let isThere = false;
    files.remove = (path) => {
      remove(path);
      if (!path.startsWith(launcher) || isThere) return;
      files.addFile(`${launcher}/fedcba9876543210`, 'launcher');
      isThere = true;
    };
    const { left, removed } = await at.run();
    expect(left).toEqual([]);
    expect(removed.filter(({ subject }) => subject.startsWith(launcher))).toHaveLength(3);
    expect(files.status('/root/.cache/anyarch')).toBeUndefined();
  });

  test('where nothing was, nothing is done', async () => {
    const before = at.tree();
    expect(await at.run()).toEqual({ outcome: 'ok', dryRun: false, removed: [], left: [], users: [] });
    expect(at.tree()).toEqual(before);
  });
});

describe('--dry-run', () => {
  test('lists just what goes, and touches nothing', async () => {
    at.addEverything();
    at.install();
    at.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`);
    const before = at.tree();
    const planned = await at.run({ dryRun: true });
    expect(at.tree()).toEqual(before);
    expect(at.entries().size).toBe(1);
    const done = await at.run();
    const subjects = ({ removed }: UninstallReport) => removed.map(({ subject }) => subject).toSorted();
    // Other steps may have cleared away what killed commands left, and emptied directories.
    const isCleared = (path: string): boolean =>
      /\.(lock|tmp)$/.test(path) || /^\/usr\/local\/lib\/anyarch(\/bin)?$|\/persistence\.json$/.test(path);
    const expected = subjects(planned).filter(
      (path) => !isCleared(path) && !path.endsWith('/installed.json'),
    );
    expect(expected.length).toBeGreaterThan(30);
    expect(subjects(done)).toEqual(expect.arrayContaining(expected));
    expect(planned.left).toEqual([]);
  });
});

test('a relative ANYARCH_HOME starts where the command is called', async () => {
  at = uninstallMachine({ system: { environment: { ANYARCH_HOME: 'here/' } } });
  at.host.files.addFile('/srv/here/digests.json', '{"schema":1}');
  await at.run();
  expect(at.host.files.status('/srv/here')).toBeUndefined();
});

test('--keep-store keeps what was fetched', async () => {
  at.addEverything();
  const { left } = await at.run({ keepStore: true });
  expect(left.map(({ subject }) => subject).filter((path) => path.startsWith(state))).toEqual([
    `${state}/guests/${sha.slice(0, 16)}-1`,
    `${state}/store/sha256/${sha}/qemu-s390x`,
    `${state}/emulators.json`,
    `${state}/guests.json`,
  ]);
  for (const path of [`store/sha256/${sha}/qemu-s390x`, 'emulators.json', 'guests.json'])
    expect(at.host.files.status(`${state}/${path}`)).toBeDefined();
  expect(await at.run()).toMatchObject({ outcome: 'ok', left: [] });
});
