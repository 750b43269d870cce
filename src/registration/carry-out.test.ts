import { expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import { SystemError } from '../host/system-error.ts';
import { readLedger } from './ledger.ts';
import { register } from './register.ts';
import {
  aarch64Pattern,
  registrationHost,
  state,
  type RegistrationHost,
} from './testing/registration-host.ts';

/** Another container is about to do the same: what it does before our n-th write to `register`. */
function beside(
  { host, emulators }: RegistrationHost,
  interfere: (table: KernelTable, write: number) => void,
  options: { readonly reset?: boolean } = {},
) {
  const table = host.binfmt.table();
  let writes = 0;
  const racing = {
    ...host,
    binfmt: {
      ...host.binfmt,
      table: () => ({
        ...table,
        register: (rule: Uint8Array) => {
          writes += 1;
          interfere(table, writes);
          table.register(rule);
        },
      }),
    },
  };
  const choose = (target: string) => emulators.get(target)!;
  return register(racing, { architectures: ['arm64', 's390x'], choose, adopt: true, ...options });
}

const theirs = (name: string): Uint8Array =>
  encodeUtf8(`:${name}:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:F`);

test('takes over what another one has just registered', () => {
  const machine = registrationHost();
  machine.host.addProgram('/usr/bin/qemu-aarch64-static');
  const report = beside(machine, (table, write) => {
    if (write === 1) table.register(theirs('qemu-aarch64'));
  });
  expect(report).toMatchObject({
    outcome: 'ok',
    results: [
      { architecture: 'aarch64', action: 'replace', name: 'qemu-aarch64', proven: true },
      { architecture: 's390x', action: 'add', proven: true },
    ],
  });
  expect([...machine.entries().keys()].sort()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  expect(machine.entries().get('qemu-aarch64')).toContain('/var/lib/anyarch/store/');
  expect(readLedger(machine.host, state).registrations.map((one) => [one.name, one.state])).toEqual([
    ['qemu-s390x', 'made'],
    ['qemu-aarch64', 'made'],
  ]);
});

test('registers anew what another one has removed before it was proven', () => {
  const machine = registrationHost();
  const report = beside(machine, (table, write) => {
    if (write === 2) table.control('qemu-aarch64', '-1');
  });
  expect(report).toMatchObject({ outcome: 'ok', results: [{ proven: true }, { proven: true }] });
  expect([...machine.entries().keys()].sort()).toEqual(['qemu-aarch64', 'qemu-s390x']);
});

test('removes what another one puts there again', () => {
  const machine = registrationHost();
  machine.host.addProgram('/usr/bin/qemu-aarch64-static');
  machine.addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
  const table = machine.host.binfmt.table();
  let removals = 0;
  const control: KernelTable['control'] = (name, command) => {
    table.control(name, command);
    if (name !== 'qemu-aarch64' || ++removals > 1) return;
    table.register(theirs('qemu-aarch64'));
  };
  const { host } = machine;
  const racing = { ...host, binfmt: { ...host.binfmt, table: () => ({ ...table, control }) } };
  const choose = () => machine.emulators.get('aarch64')!;
  expect(register(racing, { architectures: ['arm64'], choose, adopt: true })).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'replace', name: 'qemu-aarch64', proven: true }],
  });
  expect([...machine.entries().keys()]).toEqual(['qemu-aarch64']);
  expect(machine.entries().get('qemu-aarch64')).toContain('/var/lib/anyarch/store/');
});

test('with reset, removes nothing that it has just registered', () => {
  const machine = registrationHost();
  machine.host.addProgram('/usr/bin/qemu-aarch64-static');
  const report = beside(
    machine,
    (table, write) => {
      if (write === 1) table.register(theirs('qemu-aarch64'));
    },
    { reset: true },
  );
  expect(report.outcome).toBe('ok');
  expect([...machine.entries().keys()].sort()).toEqual(['qemu-aarch64', 'qemu-s390x']);
});

test('gives up after three more attempts', () => {
  const machine = registrationHost();
  let attempts = 0;
  const report = beside(machine, () => {
    attempts += 1;
    throw new SystemError('EEXIST', 'write');
  });
  expect(report.outcome).toBe('failed');
  expect(attempts).toBe(8);
  expect(machine.entries().size).toBe(0);
});
