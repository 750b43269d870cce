import { expect, test } from 'vitest';
import type { Host } from '../host/host.ts';
import { readLedger } from './ledger.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { takingOver } from './take-over.ts';
import { aarch64Pattern, registrationHost, state } from './testing/registration-host.ts';
import type { RegistrationHost } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

const magic = (name: string) => `:${name}:${aarch64Pattern}:/opt/theirs:`;
const extension = (name: string) => `:${name}:E::a64::/opt/theirs:`;

const arm64 = ['arm64'];

/** Nothing that anyarch does changes them. */
function expectUntouched(prepared: RegistrationHost, names: readonly string[]): void {
  const theirs = () => names.map((name) => prepared.entries().get(name));
  const before = theirs();
  for (const options of [{}, { reset: true }, { adopt: true }, { credentials: true }])
    prepared.register({ architectures: arm64, ...options });
  unregister(prepared.host, { architectures: 'all' });
  release(prepared.host, { names: 'all' });
  expect(theirs()).toEqual(before);
  expect([...prepared.entries().keys()].sort()).toEqual([...names].sort());
}

test.each([
  ['magic rules', magic],
  ['extension rules, which take no programs', extension],
])('all three names are somebody’s: %s', (_, rule) => {
  const prepared = registrationHost();
  const names = ['qemu-aarch64', 'anyarch-aarch64', 'anyarch-aarch64-next'];
  for (const name of names) prepared.addEntry(rule(name));
  expect(prepared.register({ architectures: ['arm64', 'riscv64'] })).toMatchObject({
    outcome: 'partial',
    results: [
      {
        error: {
          code: 'ANYARCH_REGISTER_FAILED',
          hint: expect.stringContaining('anyarch-aarch64-next') as string,
        },
      },
      { error: undefined },
    ],
  });
  unregister(prepared.host, { architectures: 'all' });
  expectUntouched(prepared, names);
});

test.each([
  [['qemu-aarch64'], 'anyarch-aarch64'],
  [['anyarch-aarch64'], 'qemu-aarch64'],
  [['anyarch-aarch64', 'other'], 'qemu-aarch64'],
])('%j are somebody’s: ours is %s', (names, ours) => {
  const prepared = registrationHost();
  for (const name of names) prepared.addEntry(magic(name));
  expect(prepared.register({ architectures: arm64 }).results).toMatchObject([{ name: ours, proven: true }]);
  unregister(prepared.host, { architectures: 'all' });
  expectUntouched(prepared, names);
});

test('the name of the stand-in is somebody’s: nothing is begun that could not be ended', () => {
  const prepared = registrationHost();
  prepared.addEntry(extension('anyarch-aarch64-next'));
  const { results } = prepared.register({ architectures: arm64 });
  expect(results).toMatchObject([{ error: { code: 'ANYARCH_REGISTER_FAILED' } }]);
  expectUntouched(prepared, ['anyarch-aarch64-next']);
});

test('the name of the stand-in is taken between taking over and giving back', () => {
  const prepared = registrationHost();
  prepared.addEntry(magic('qemu-aarch64'));
  prepared.register({ architectures: [], takeOver: takingOver(['qemu-aarch64']) });
  prepared.addEntry(extension('anyarch-aarch64-next'));
  const before = [...prepared.entries()];
  expect(release(prepared.host, { names: 'all' }).results).toMatchObject([
    { error: { code: 'ANYARCH_REGISTER_FAILED' } },
  ]);
  expect([...prepared.entries()]).toEqual(before);
  prepared.host.binfmt.table().control('anyarch-aarch64-next', '-1');
  expect(release(prepared.host, { names: 'all' }).outcome).toBe('ok');
});

test('what is called like ours, with an interpreter that is no emulator, is not ours', () => {
  const prepared = registrationHost();
  prepared.addEntry(magic('anyarch-riscv64'));
  prepared.addEntry(magic('anyarch-m68k-next'));
  expectUntouched(prepared, ['anyarch-riscv64', 'anyarch-m68k-next']);
});

test.each(['..x', 'a b', 'ä', 'register2', '-1', 'x'.repeat(255)])('an odd name: %s', (name) => {
  const prepared = registrationHost();
  prepared.addEntry(magic(name));
  expectUntouched(prepared, [name]);
  const report = prepared.register({ architectures: [], takeOver: takingOver([name]) });
  expect(report.results).toMatchObject([{ name, action: 'replace', error: undefined }]);
  release(prepared.host, { names: [name] });
  expectUntouched(prepared, [name]);
});

test('a text that is not understood keeps its name, whatever that is', () => {
  const prepared = registrationHost();
  for (const name of ['qemu-aarch64', 'anyarch-aarch64']) prepared.addEntry(magic(name));
  const { binfmt } = prepared.host;
  const strange = 'enabled\ninterpreter /opt/theirs\nnew in Linux 9\n';
  const host: Host = {
    ...prepared.host,
    binfmt: {
      ...binfmt,
      table: () => {
        const table = binfmt.table();
        return { ...table, read: (name) => (name === 'anyarch-riscv64' ? table.read(name) : strange) };
      },
    },
  };
  const before = [...prepared.entries()];
  const { results } = register(host, {
    architectures: arm64,
    reset: true,
    choose: (target) => prepared.emulators.get(target)!,
  });
  expect(results).toMatchObject([{ error: { code: 'ANYARCH_REGISTER_FAILED' } }]);
  unregister(host, { architectures: 'all' });
  expect([...prepared.entries()]).toEqual(before);
  expect(readLedger(prepared.host, state).registrations).toEqual([]);
});
