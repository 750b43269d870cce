import { expect, test } from 'vitest';
import { killedAt } from '../../test/support/registration/killed-at.ts';
import type { Host } from '../host/host.ts';
import { encodeUtf8 } from '../core/text.ts';
import { readLedger, readLetGo, readWishes } from './ledger.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { status } from './status.ts';
import { takingOver } from './take-over.ts';
import { aarch64Pattern, registrationHost, state } from './testing/registration-host.ts';
import type { RegistrationHost } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

const theirEmulator = '/usr/bin/qemu-aarch64';
const theirRule = `:qemu-aarch64:${aarch64Pattern}:${theirEmulator}:OCF`;

interface Machine extends RegistrationHost {
  readonly original: ReadonlyMap<string, string>;
  readonly remove: (...names: string[]) => void;
}

/** A machine with an entry of the distribution. */
function prepare({ enabled = true } = {}): Machine {
  const prepared = registrationHost(['aarch64', 'riscv64']);
  prepared.host.addProgram(theirEmulator);
  prepared.host.files.addFile('/usr/lib/binfmt.d/qemu-aarch64.conf', theirRule);
  prepared.addEntry(theirRule);
  const table = prepared.host.binfmt.table();
  if (!enabled) table.control('qemu-aarch64', '0');
  const remove = (...names: string[]) => {
    for (const name of names) table.control(name, '-1');
  };
  return { ...prepared, original: prepared.entries(), remove };
}

const takeOver = ({ emulators }: RegistrationHost, host: Host) =>
  register(host, {
    architectures: [],
    takeOver: takingOver(['qemu-aarch64']),
    choose: (target) => emulators.get(target)!,
  });

const giveBack = (_: RegistrationHost, host: Host) => release(host, { names: ['qemu-aarch64'] });

/** The owner's tool, such as after an upgrade. */
const ownerRestarts = (machine: Machine): void => {
  machine.host.binfmt
    .table()
    .list()
    .forEach((name) => {
      machine.remove(name);
    });
  machine.host.binfmt.table().register(encodeUtf8(theirRule));
};

class Killed extends Error {}

const nothing = (): void => undefined;

test.each([
  ['taking over', nothing, takeOver, true],
  ['giving back', takeOver, giveBack, true],
  ['taking over a disabled one', nothing, takeOver, false],
  ['giving back a disabled one', takeOver, giveBack, false],
])(
  '%s, killed before any change: release alone ends it, and says nothing untrue',
  (_, before, command, enabled) => {
    let standIns = 0;
    for (let n = 0, finished = false; !finished; n += 1) {
      const machine = prepare({ enabled });
      before(machine, machine.host);
      const doomed = killedAt(machine.host, n, () => {
        throw new Killed();
      });
      try {
        command(machine, doomed.host);
        finished = true;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      machine.host.files.remove(`${state}/registrations.lock`);
      const { entries } = status(machine.host);
      if (
        entries.some(({ name }) => name.endsWith('-next')) &&
        entries.some(({ owner }) => owner.kind !== 'anyarch')
      )
        standIns += 1;
      expect(entries.some(({ isReclaimed }) => isReclaimed)).toBe(false);
      release(machine.host, { names: 'all' });
      expect([...machine.entries()]).toEqual([...machine.original]);
      expect(readWishes(machine.host, state)).toEqual([]);
    }
    expect(standIns).toBeGreaterThan(0);
  },
);

test('taking over again, after it was killed while both were there', () => {
  const machine = prepare();
  machine.addEntry(`:anyarch-aarch64-next:${aarch64Pattern}:${machine.emulators.get('aarch64')!.path}:PF`);
  expect(takeOver(machine, machine.host)).toMatchObject({ outcome: 'ok' });
  expect([...machine.entries().keys()]).toEqual(['qemu-aarch64']);
  giveBack(machine, machine.host);
  expect(machine.entries()).toEqual(machine.original);
});

test.each([
  ['is made again under its name', () => ({})],
  ['was flushed with everything', () => ({ flush: true })],
])('ours that somebody removed and that %s can be given back', (_, how) => {
  const machine = prepare();
  takeOver(machine, machine.host);
  machine.remove('qemu-aarch64');
  expect(machine.register({ architectures: 'flush' in how() ? ['riscv64'] : ['arm64'] }).outcome).toBe('ok');
  const [first] = machine.register({ architectures: ['arm64'] }).results;
  expect(first).toMatchObject({ name: 'qemu-aarch64', adopted: { name: 'qemu-aarch64' } });
  expect(giveBack(machine, machine.host)).toMatchObject({ outcome: 'ok', results: [{ action: 'release' }] });
  expect(machine.entries().get('qemu-aarch64')).toBe(machine.original.get('qemu-aarch64'));
});

test.each([
  ['release', (host: Host) => giveBack({} as RegistrationHost, host)],
  ['unregister', (host: Host) => unregister(host, { architectures: ['arm64'] })],
])('where ours was removed and theirs is not there, %s brings theirs', (_, command) => {
  const machine = prepare({ enabled: false });
  takeOver(machine, machine.host);
  machine.remove('qemu-aarch64');
  machine.host.files.fail({ errno: 'ETXTBSY', method: 'writeOnce', times: 1 });
  expect(command(machine.host).outcome).toBe('failed');
  expect(readWishes(machine.host, state)).toEqual([]);
  expect(command(machine.host)).toMatchObject({ outcome: 'ok', results: [{ action: 'release' }] });
  expect(machine.entries()).toEqual(machine.original);
  expect(readLedger(machine.host, state)).toMatchObject({ registrations: [], wishes: [] });
});

test('what the owner has again is not registered by unregister a second time', () => {
  const machine = prepare();
  takeOver(machine, machine.host);
  ownerRestarts(machine);
  expect(unregister(machine.host, { architectures: ['arm64'] }).results).toMatchObject([
    { action: 'absent' },
  ]);
  expect(machine.entries()).toEqual(machine.original);
  machine.remove('qemu-aarch64');
  expect(unregister(machine.host, { architectures: 'all' }).results).toEqual([]);
});

test('its owner was quicker: nobody brings ours again, and that stays known until then', () => {
  const machine = prepare();
  takeOver(machine, machine.host);
  ownerRestarts(machine);
  machine.register({ architectures: ['riscv64'] });
  const isReclaimed = () =>
    status(machine.host).entries.find(({ name }) => name === 'qemu-aarch64')?.isReclaimed;
  expect(isReclaimed()).toBe(true);
  expect(giveBack(machine, machine.host)).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'absent', reason: 'systemd-binfmt has registered it again' }],
  });
  expect(isReclaimed()).toBe(false);
  expect(readWishes(machine.host, state).map(({ architecture }) => architecture)).toEqual(['riscv64']);
  expect([...readLetGo(machine.host, state)]).toEqual(['aarch64']);
});

test('its owner was quicker and ours went in front: release removes ours', () => {
  const machine = prepare();
  takeOver(machine, machine.host);
  ownerRestarts(machine);
  expect(machine.register({ architectures: ['arm64'] }).results).toMatchObject([
    { name: 'anyarch-aarch64', adopted: undefined },
  ]);
  expect(status(machine.host).entries.find(({ name }) => name === 'qemu-aarch64')?.isReclaimed).toBe(true);
  expect(giveBack(machine, machine.host)).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'remove', name: 'anyarch-aarch64', inForce: 'qemu-aarch64' }],
  });
  expect(machine.entries()).toEqual(machine.original);
  expect(giveBack(machine, machine.host).results).toMatchObject([{ error: { code: 'ANYARCH_NOT_ADOPTED' } }]);
});

test('what its owner had again and has removed since is not owed', () => {
  const machine = prepare();
  takeOver(machine, machine.host);
  ownerRestarts(machine);
  machine.register({ architectures: ['arm64'] });
  machine.remove('qemu-aarch64');
  expect(unregister(machine.host, { architectures: ['arm64'] }).results).toMatchObject([
    { action: 'remove' },
  ]);
  expect(machine.entries().size).toBe(0);
});
