import { beforeEach, describe, expect, it } from 'vitest';
import { imageHost } from '../dialects/testing/image-host.ts';
import { binfmtAt } from '../host/binfmt-at.ts';
import type { BinfmtMisc } from '../host/kernel-table.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../host/testing/index.ts';
import { givenTable } from './given-table.ts';
import { ownTableWarnings } from './own-table.ts';
import { runProgram } from './program.ts';
import { imageMark } from './surroundings.ts';

const usual = '/proc/sys/fs/binfmt_misc';

describe('givenTable', () => {
  const withMounts = (mounts: string, options?: FakeHostOptions): FakeHost => {
    const host = fakeHost({ binfmt: { state: 'unmounted' }, ...options });
    host.files.addFile('/proc/self/mounts', mounts);
    return host;
  };

  it('finds it wherever the container was given it', () => {
    const mounts = 'proc /proc proc rw 0 0\nbinfmt_misc /a\\040b binfmt_misc rw,relatime 0 0\n';
    expect(givenTable(withMounts(mounts)).path).toBe('/a b');
  });

  it('is the usual place where it is mounted, and where there is none', () => {
    const given = 'binfmt_misc /binfmt binfmt_misc rw 0 0\n';
    expect(givenTable(withMounts(given, { binfmt: { state: 'mounted' } })).path).toBe(usual);
    expect(givenTable(withMounts('proc /proc proc rw 0 0\n')).path).toBe(usual);
    expect(givenTable(fakeHost({ binfmt: { state: 'unmounted' } })).path).toBe(usual);
  });
});

describe('ownTableWarnings', () => {
  const startedMs = Date.UTC(2026, 5, 1);
  const kindsOf = (
    madeMs: number,
    options: FakeHostOptions = {},
    rules = [':jar:E::jar::/j:'],
    uidMap = '0 0 4294967295\n',
  ): string[] => {
    const { host, addEntry } = imageHost([], options);
    host.files.addFile('/proc/self/uid_map', uidMap);
    rules.forEach(addEntry);
    const files = {
      ...host.files,
      status: (path: string) => {
        const found = host.files.status(path);
        return found === undefined ? undefined : { ...found, modifiedMs: madeMs };
      },
    };
    return ownTableWarnings({ ...host, files }, startedMs).map(({ kind }) => kind);
  };

  it('tells of a table that this program has made', () => {
    expect(kindsOf(startedMs + 5)).toEqual(['own-table']);
    // The kernel's time for files is up to a tick behind.
    expect(kindsOf(startedMs - 10)).toEqual(['own-table']);
    expect(kindsOf(startedMs - 11)).toEqual([]);
  });

  it("tells of a user namespace's table only when it has made it: rootless containers share the engine's", () => {
    expect(kindsOf(startedMs + 5, {}, undefined, '0 1000 1\n1 100000 65536\n')).toEqual(['user-namespace']);
    expect(kindsOf(startedMs - 11, {}, undefined, '0 1000 1\n1 100000 65536\n')).toEqual([]);
  });

  it('is silent where nothing is lost: no entries, an old kernel, no container', () => {
    expect(kindsOf(startedMs, {}, [])).toEqual([]);
    expect(kindsOf(startedMs, { system: { kernelRelease: '6.6.1' } })).toEqual([]);
    expect(kindsOf(startedMs, { system: { hostFiles: undefined } })).toEqual([]);
  });
});

/** The host has a table, and the container sees it only after mounting it. */
describe('a privileged container that has not mounted the table yet', () => {
  let unmounted: FakeHost;
  let container: ReturnType<typeof imageHost>;
  const run = (...words: string[]) => runProgram(unmounted, { words, version: '1.2.3' });

  beforeEach(() => {
    container = imageHost(['aarch64']);
    const { host } = container;
    host.files.addFile(imageMark, '{}');
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026531841]');
    runProgram(host, { words: ['--reset'], version: '1.2.3' });
    container.forget();
    let isMounted = false;
    const real = binfmtAt(host, usual);
    const binfmt: BinfmtMisc = {
      ...real,
      state: () => (isMounted ? 'mounted' : 'unmounted'),
      mount: () => {
        isMounted = true;
      },
    };
    unmounted = { ...host, binfmt: { ...host.binfmt, ...binfmt } };
  });

  it('does not overlook what is registered', () => {
    expect(container.entries().has('qemu-aarch64')).toBe(true);
    expect(JSON.parse(run('status', '--json').stdout)).toMatchObject({
      table: { state: 'mounted' },
      entries: expect.arrayContaining([expect.objectContaining({ name: 'qemu-aarch64' })]) as unknown,
    });
  });

  it('says that the file exists, as multiarch does', () => {
    const { exitCode, stderr } = run('-p', 'yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('File exists: the entry qemu-aarch64 has the flags "" instead of "F"');
    expect([...container.entries().keys()]).not.toContain('anyarch-aarch64');
  });

  it('removes it', () => {
    expect(run('unregister').exitCode).toBe(0);
    expect(container.entries().size).toBe(0);
  });

  it('resets before it exports', () => {
    unmounted.files.addDirectory('/exports');
    expect(run('--reset', '--systemd', 'ALL', '--exportdir', '/exports').exitCode).toBe(0);
    expect(container.entries().size).toBe(0);
  });

  it('fails where it may not look', () => {
    const { host } = container;
    const binfmt: BinfmtMisc = { ...host.binfmt, state: () => 'unmounted' };
    host.files.credentials.uid = 1000;
    const outcome = runProgram(
      { ...host, binfmt: { ...host.binfmt, ...binfmt } },
      { words: ['unregister'], version: '1.2.3' },
    );
    expect(outcome.exitCode).toBe(4);
    expect(outcome.stderr).toContain('ANYARCH_PERMISSION');
  });
});
