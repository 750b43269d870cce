import { expect, test } from 'vitest';
import { killedAt } from '../../test/support/registration/killed-at.ts';
import { findArchitecture } from '../core/architecture.ts';
import { explainMatch } from '../core/match.ts';
import type { Host } from '../host/host.ts';
import { encodeUtf8 } from '../core/text.ts';
import { readLedger } from './ledger.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { sampleHeader } from './sample.ts';
import { status } from './status.ts';
import { takingOver } from './take-over.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';
import type { RegistrationHost } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

const theirEmulator = '/usr/bin/qemu-aarch64';
const theirRule = (flags: string) => `:qemu-aarch64:${aarch64Pattern}:${theirEmulator}:${flags}`;
const jar = ':jar:M::PK\\x03\\x04::/usr/bin/jexec:';

/** A machine with an entry of the distribution. */
function prepare({ flags = 'OCF', enabled = true } = {}): RegistrationHost {
  const prepared = registrationHost(['aarch64', 'riscv64']);
  prepared.host.addProgram(theirEmulator);
  prepared.host.files.addFile('/usr/lib/binfmt.d/qemu-aarch64.conf', theirRule(flags));
  prepared.addEntry(jar);
  prepared.addEntry(theirRule(flags));
  if (!enabled) prepared.host.binfmt.table().control('qemu-aarch64', '0');
  return prepared;
}

const takeOver = ({ emulators }: RegistrationHost, host: Host) =>
  register(host, {
    architectures: [],
    takeOver: takingOver(['qemu-aarch64']),
    choose: (target) => emulators.get(target)!,
  });

const giveBack = (_: RegistrationHost, host: Host) => release(host, { names: ['qemu-aarch64'] });

test('takes the place under the same name without a gap, and records whose it was', () => {
  const prepared = prepare();
  const [theirs] = [prepared.entries().get('qemu-aarch64')!];
  const report = takeOver(prepared, prepared.host);
  expect(report.results).toMatchObject([
    {
      architecture: 'aarch64',
      action: 'replace',
      name: 'qemu-aarch64',
      proven: true,
      adopted: { name: 'qemu-aarch64', owner: 'systemd-binfmt', text: theirs },
      reason: 'takes over qemu-aarch64 from systemd-binfmt: /usr/lib/binfmt.d/qemu-aarch64.conf',
    },
  ]);
  expect(report.results[0]?.steps.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual([
    'register anyarch-aarch64-next',
    'prove ',
    'remove qemu-aarch64',
    'register qemu-aarch64',
    'remove anyarch-aarch64-next',
    'prove ',
  ]);
  expect([...prepared.entries().keys()]).toEqual(['qemu-aarch64', 'jar']);
  expect(readLedger(prepared.host, state).registrations).toMatchObject([
    { name: 'qemu-aarch64', adopted: { name: 'qemu-aarch64', text: theirs, enabled: true } },
  ]);
  expect(status(prepared.host).entries[0]?.registered?.adopted?.owner).toBe('systemd-binfmt');
});

test('gives it back byte for byte, after its interpreter was opened anew', () => {
  const prepared = prepare();
  const before = [...prepared.entries()];
  takeOver(prepared, prepared.host);
  expect(release(prepared.host, { names: 'all', dryRun: true }).results).toMatchObject([
    { action: 'release', name: 'qemu-aarch64' },
  ]);
  const report = giveBack(prepared, prepared.host);
  expect(report).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'release', name: 'qemu-aarch64', proven: true, inForce: 'qemu-aarch64' }],
  });
  expect(report.results[0]?.steps.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual([
    'register anyarch-aarch64-next',
    'remove qemu-aarch64',
    'register qemu-aarch64',
    'remove anyarch-aarch64-next',
  ]);
  expect([...prepared.entries()].sort()).toEqual(before.sort());
  expect(readLedger(prepared.host, state)).toMatchObject({ registrations: [], wishes: [] });
  expect(status(prepared.host).entries.find(({ name }) => name === 'qemu-aarch64')?.owner.kind).toBe(
    'systemd-binfmt',
  );
});

test('one that was disabled is disabled again', () => {
  const prepared = prepare({ enabled: false });
  const before = [...prepared.entries()];
  takeOver(prepared, prepared.host);
  expect(giveBack(prepared, prepared.host).results).toMatchObject([
    { action: 'release', proven: undefined, inForce: undefined, error: undefined },
  ]);
  expect([...prepared.entries()].sort()).toEqual(before.sort());
});

test('an emulator that is replaced keeps the place and what is known of it', () => {
  const prepared = prepare();
  const before = prepared.entries().get('qemu-aarch64');
  takeOver(prepared, prepared.host);
  prepared.emulators.set('aarch64', install(prepared.host, 'aarch64', '12.0.0'));
  expect(prepared.register({ architectures: ['arm64'], reset: true }).results).toMatchObject([
    { action: 'replace', name: 'qemu-aarch64', emulator: { version: '12.0.0' } },
  ]);
  expect(takeOver(prepared, prepared.host).results).toMatchObject([{ action: 'keep' }]);
  giveBack(prepared, prepared.host);
  expect(prepared.entries().get('qemu-aarch64')).toBe(before);
});

test('an entry with a name of its own keeps that', () => {
  const prepared = registrationHost(['aarch64']);
  prepared.addEntry(`:aarch64-linux:${aarch64Pattern}:/run/binfmt/aarch64-linux:P`);
  const before = [...prepared.entries()];
  const adopt = () =>
    prepared.register({ architectures: ['arm64'], takeOver: takingOver(['aarch64-linux']) });
  expect(adopt().results).toMatchObject([{ action: 'replace', name: 'aarch64-linux', proven: true }]);
  expect(prepared.register({ architectures: ['arm64'] }).results).toMatchObject([{ action: 'keep' }]);
  prepared.emulators.set('aarch64', install(prepared.host, 'aarch64', '12.0.0'));
  prepared.register({ architectures: ['arm64'] });
  expect([...prepared.entries().keys()]).toEqual(['aarch64-linux']);
  release(prepared.host, { names: 'all' });
  expect([...prepared.entries()]).toEqual(before);
});

test('unregistering gives it back, and so does a reset that does not want it any more', () => {
  const prepared = prepare();
  const before = [...prepared.entries()].sort();
  takeOver(prepared, prepared.host);
  expect(unregister(prepared.host, { architectures: 'all', dryRun: true }).results).toMatchObject([
    { action: 'release' },
  ]);
  expect(unregister(prepared.host, { architectures: 'all' }).results).toMatchObject([
    { action: 'release', proven: true },
  ]);
  expect([...prepared.entries()].sort()).toEqual(before);
  takeOver(prepared, prepared.host);
  expect(prepared.register({ architectures: ['riscv64'], reset: true }).results).toMatchObject([
    { architecture: 'riscv64', action: 'add' },
    { architecture: 'aarch64', action: 'release' },
  ]);
  expect(prepared.entries().get('qemu-aarch64')).toBe(before.find(([name]) => name === 'qemu-aarch64')?.[1]);
});

test('our own entry that went in front goes when the other one is taken over', () => {
  const prepared = prepare();
  prepared.register({ architectures: ['arm64'] });
  expect([...prepared.entries().keys()]).toEqual(['anyarch-aarch64', 'qemu-aarch64', 'jar']);
  takeOver(prepared, prepared.host);
  expect([...prepared.entries().keys()]).toEqual(['qemu-aarch64', 'jar']);
});

test('what its owner has registered again is left alone', () => {
  const prepared = prepare();
  takeOver(prepared, prepared.host);
  const table = prepared.host.binfmt.table();
  table.control('qemu-aarch64', '-1');
  table.register(encodeUtf8(theirRule('OCF')));
  const before = [...prepared.entries()];
  expect(status(prepared.host).entries[0]).toMatchObject({
    name: 'qemu-aarch64',
    isReclaimed: true,
    owner: { kind: 'systemd-binfmt' },
  });
  expect(readLedger(prepared.host, state).wishes).toHaveLength(1);
  expect(giveBack(prepared, prepared.host)).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'absent', reason: 'systemd-binfmt has registered it again', error: undefined }],
  });
  expect(readLedger(prepared.host, state).wishes).toEqual([]);
  expect(release(prepared.host, { names: 'all' }).results).toEqual([]);
  expect(unregister(prepared.host, { architectures: 'all' }).results).toEqual([]);
  expect([...prepared.entries()]).toEqual(before);
});

test('what was never taken over, and what is not there', () => {
  const prepared = prepare();
  prepared.register({ architectures: ['riscv64'] });
  const codes = (names: string[]) =>
    release(prepared.host, { names }).results.map(({ error }) => error?.code);
  expect(codes(['qemu-riscv64', 'qemu-aarch64', 'nothing'])).toEqual([
    'ANYARCH_NOT_ADOPTED',
    'ANYARCH_NOT_ADOPTED',
    'ANYARCH_ENTRY_NOT_FOUND',
  ]);
  expect(prepared.entries().size).toBe(3);
});

test('ours stays where the other one’s interpreter cannot be opened any more', () => {
  const prepared = prepare();
  takeOver(prepared, prepared.host);
  const before = [...prepared.entries()];
  prepared.host.files.remove(theirEmulator);
  const attempts = [
    () => giveBack(prepared, prepared.host),
    () => unregister(prepared.host, { architectures: 'all' }),
  ];
  for (const attempt of attempts)
    expect(attempt()).toMatchObject({
      outcome: 'failed',
      results: [{ error: { code: 'ANYARCH_NOT_RESTORABLE' } }],
    });
  expect([...prepared.entries()]).toEqual(before);
  expect(readLedger(prepared.host, state).registrations).toHaveLength(1);
  release(prepared.host, { names: ['qemu-aarch64'], force: true });
  expect([...prepared.entries().keys()]).toEqual(['jar']);
});

test('ours stays when the kernel refuses the other one', () => {
  const prepared = prepare();
  takeOver(prepared, prepared.host);
  const before = [...prepared.entries()];
  const path = `${prepared.host.binfmt.path}/register`;
  prepared.host.files.fail({ errno: 'ETXTBSY', method: 'writeOnce', path, times: 1 });
  expect(giveBack(prepared, prepared.host).results).toMatchObject([
    { error: { code: 'ANYARCH_REGISTER_FAILED' } },
  ]);
  expect([...prepared.entries()]).toEqual(before);
  expect(giveBack(prepared, prepared.host).outcome).toBe('ok');
});

test('without permission nothing is forgotten', () => {
  const prepared = prepare();
  takeOver(prepared, prepared.host);
  prepared.host.files.fail({ errno: 'EACCES', method: 'writeOnce', times: 1 });
  expect(() => giveBack(prepared, prepared.host)).toThrowWithCode('ANYARCH_PERMISSION');
  expect(giveBack(prepared, prepared.host).outcome).toBe('ok');
});

class Killed extends Error {}

const isCovered = ({ host }: RegistrationHost): boolean =>
  explainMatch(
    { header: sampleHeader(findArchitecture('aarch64')), fileName: '/x' },
    { enabled: true, entries: host.binfmt.fake.entries.map(({ entry }) => entry) },
  ).winner !== undefined;

const nothing = (): void => undefined;

test.each([
  ['taking over', nothing, takeOver, true],
  ['giving back', takeOver, giveBack, true],
  ['taking over a disabled one', nothing, takeOver, false],
  ['giving back a disabled one', takeOver, giveBack, false],
])('%s, killed before any change, loses nothing', (_, before, command, enabled) => {
  let kills = 0;
  for (let n = 0, finished = false; !finished; n += 1) {
    const prepared = prepare({ enabled });
    const original = [...prepared.entries()].sort();
    before(prepared, prepared.host);
    const wasCovered = isCovered(prepared);
    const doomed = killedAt(prepared.host, n, () => {
      throw new Killed();
    });
    try {
      command(prepared, doomed.host);
      finished = true;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
    }
    expect(isCovered(prepared) || !wasCovered || !enabled).toBe(true);
    prepared.host.files.remove(`${state}/registrations.lock`);
    // Whatever the next command is, it ends as if nobody had been killed.
    if (n % 2 === 0) prepared.register({ architectures: ['arm64'] });
    release(prepared.host, { names: 'all' });
    unregister(prepared.host, { architectures: 'all' });
    expect([...prepared.entries()].sort()).toEqual(original);
  }
  expect(kills).toBeGreaterThan(5);
});
