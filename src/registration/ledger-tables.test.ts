import { beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../host/host.ts';
import { fakeBinfmt } from '../host/testing/fake-binfmt.ts';
import { reconcile, readLedger, readWishes, writeLedger } from './ledger.ts';
import { register } from './register.ts';
import { status } from './status.ts';
import { readTable } from './table.ts';
import { registrationHost, state, type RegistrationHost } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

let machine: RegistrationHost;
beforeEach(() => {
  machine = registrationHost();
});

/** The same machine and files, seen from a user namespace that has a table of its own. */
function inNamespace(number: number): Host {
  const { host } = machine;
  const { files } = host;
  const path = `/tables/${number}`;
  files.addDirectory(path);
  const readLink = (link: string) =>
    link === '/proc/self/ns/user' ? `user:[${number}]` : files.readLink(link);
  return { ...host, files: { ...files, readLink }, binfmt: fakeBinfmt(files, { path }) };
}

const choose = (target: string) => {
  const found = machine.emulators.get(target);
  if (found === undefined) throw new Error(target);
  return found;
};
const add = (host: Host, ...architectures: string[]) => register(host, { architectures, choose, state });
const names = (host: Host) => host.binfmt.table().list().sort();
const recorded = (host: Host) =>
  readLedger(host, state)
    .registrations.map(({ name, place }) => `${place.userNamespace} ${name}`)
    .sort();

describe('one ledger for several tables', () => {
  test('keeps what each has, and changes that of its own', () => {
    const [one, two] = [inNamespace(1), inNamespace(2)];
    const hosts = [machine.host, one, two];
    // Probes are executed by the first one's table.
    for (const host of hosts) add(host, 'arm64', 's390x', 'riscv64');
    unregister(two, { architectures: ['riscv64'], state });
    expect(hosts.map((host) => names(host).length)).toEqual([3, 3, 2]);
    expect(recorded(one)).toHaveLength(8);

    unregister(one, { architectures: ['arm64'], state });
    add(two, 'riscv64');
    expect(hosts.map(names)).toEqual([
      ['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x'],
      ['qemu-riscv64', 'qemu-s390x'],
      ['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x'],
    ]);
    expect(hosts.map((host) => readWishes(host, state).length)).toEqual([3, 2, 3]);
    for (const host of hosts) {
      expect(status(host, { state }).entries.map(({ owner }) => owner.evidence)).toEqual(
        names(host).map(() => 'recorded in the ledger'),
      );
    }
  });

  test('does not grow with namespaces that come and go', () => {
    add(machine.host, 'arm64');
    for (let number = 1; number <= 100; number += 1) add(inNamespace(number), 'arm64');
    const kept = readLedger(machine.host, state);
    expect(kept.registrations.length).toBeLessThan(40);
    expect(kept.wishes.length).toBeLessThan(40);
    expect(recorded(machine.host)).toContain('user:[100] qemu-aarch64');
    // The initial namespace is not one that goes.
    expect(readWishes(machine.host, state)).toHaveLength(1);
  });

  test('a namespace that gets the number of one that has gone has none of its entries', () => {
    // Probes are executed by this one's table.
    add(machine.host, 'riscv64');
    add(inNamespace(7), 'riscv64', 'arm64');
    const second = inNamespace(7);
    second.binfmt.table().register(new TextEncoder().encode(':qemu-aarch64:M::MZ::/opt/theirs:'));
    expect(status(second, { state }).entries).toMatchObject([{ owner: { kind: 'unknown' } }]);
    add(second, 'riscv64');
    expect(recorded(second).filter((one) => one.startsWith('user:[7]'))).toEqual(['user:[7] qemu-riscv64']);
    expect(unregister(second, { architectures: 'all', state }).results).toMatchObject([
      { name: 'qemu-riscv64' },
    ]);
    expect(names(second)).toEqual(['qemu-aarch64']);
  });
});

describe('what happened behind our back', () => {
  test.each([
    ['was removed', undefined, ['qemu-aarch64']],
    ['was renamed', ':mine:', ['mine', 'qemu-aarch64']],
    ['is another one now', ':qemu-aarch64:', ['anyarch-aarch64', 'qemu-aarch64']],
  ])('an entry that %s is none that we would remove', (_, name, after) => {
    const { host } = machine;
    add(host, 'arm64');
    const rule = readLedger(host, state).registrations[0]?.rule ?? '';
    host.binfmt.table().control('qemu-aarch64', '-1');
    if (name !== undefined) {
      host.addProgram('/opt/theirs');
      machine.addEntry(rule.replace(':qemu-aarch64:', name).replace(/:[^:]*:PF$/, ':/opt/theirs:PF'));
    }
    const theirs = status(host, { state }).entries.map(({ text }) => text);
    unregister(host, { architectures: 'all', state });
    expect(status(host, { state }).entries.map(({ text }) => text)).toEqual(theirs);
    expect(readLedger(host, state)).toMatchObject({ registrations: [], wishes: [] });
    expect(add(host, 'arm64').outcome).toBe('ok');
    expect(names(host)).toEqual(after);
  });

  test('a table that was mounted anew is filled again', () => {
    const { host } = machine;
    add(host, 'arm64', 's390x');
    const anew = { ...host, binfmt: fakeBinfmt(host.files, { path: host.binfmt.path }) };
    expect(names(anew)).toEqual([]);
    expect(readWishes(anew, state)).toHaveLength(2);
    expect(add(anew, 'arm64').results).toMatchObject([{ action: 'add', name: 'qemu-aarch64' }]);
  });
});

describe('a clock that jumps', () => {
  const decade = 10 * 365 * 24 * 3600 * 1000;

  test.each([-decade, decade])('by %i ms decides nothing', (jump) => {
    const { host } = machine;
    const { clock } = host;
    let shift = 0;
    // It jumps between any two looks at it, forth and back.
    const now = () => clock.now() + (shift = shift === 0 ? jump : 0);
    const jumping: Host = { ...host, clock: { ...clock, now } };
    const run = (on: Host) => {
      const results = [
        ...add(on, 'arm64', 's390x').results,
        ...add(on, 'arm64').results,
        ...unregister(on, { architectures: ['s390x'], state }).results,
        ...register(on, { architectures: ['riscv64'], reset: true, choose, state }).results,
      ].map(({ action, name }) => `${action} ${name ?? ''}`);
      const left = names(on);
      unregister(on, { architectures: 'all', state });
      return [results, left];
    };
    const expected = run(host);
    shift = 0;
    expect(run(jumping)).toEqual(expected);
    expect(
      reconcile(readLedger(host, state), readTable(host), { boot: '', userNamespace: '' }),
    ).toMatchObject({
      registrations: [],
    });
  });

  test('makes nobody wait longer for a lock', () => {
    const { host } = machine;
    const start = host.clock.monotonic();
    const { clock } = host;
    const backwards: Host = { ...host, clock: { ...clock, now: () => -clock.monotonic() } };
    host.files.addFile(`${state}/registrations.lock`, '');
    expect(() => add(backwards, 'arm64')).toThrowWithCode('ANYARCH_LOCKED');
    expect(host.clock.monotonic() - start).toBeLessThan(11_000);
  });

  test('shows when it says it was, and no more', () => {
    const { host } = machine;
    const before = { ...host, clock: { ...host.clock, now: () => 0 } };
    add(before, 'arm64');
    const [entry] = status(host, { state }).entries;
    expect(entry?.registered?.at).toBe('1970-01-01T00:00:00.000Z');
    expect(add(host, 'arm64').results).toMatchObject([{ action: 'keep' }]);
    writeLedger(host, state, readLedger(host, state));
    expect(readWishes(host, state)).toMatchObject([{ at: '1970-01-01T00:00:00.000Z' }]);
  });
});
