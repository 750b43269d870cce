import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import { explainFile } from './explain.ts';
import { parseLedger } from './ledger-document.ts';
import { ledgerPath, readLedger } from './ledger.ts';
import { release } from './release.ts';
import { status } from './status.ts';
import { registrationHost, state, type RegistrationHost } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

const path = ledgerPath(state);
let machine: RegistrationHost;
let text: string;
let bytes: Uint8Array;

beforeEach(() => {
  machine = registrationHost();
  machine.register({ architectures: ['arm64', 's390x'], by: 'anyarch 1: register arm64 s390x' });
  bytes = machine.host.files.read(path);
  text = decodeUtf8(bytes);
});

const damage = (content: string | Uint8Array): void => {
  machine.host.files.addFile(path, content);
};

describe('a damaged ledger', () => {
  test('is refused wherever it was cut off', () => {
    for (let length = 0; length < text.trimEnd().length; length += 1) {
      expect(codeOf(text.slice(0, length)), `${length} characters`).toBe('ANYARCH_LEDGER_INVALID');
    }
    expect(codeOf(text)).toBeUndefined();
  });

  test('is understood or refused, and left as it is, whichever bits were turned over', () => {
    const turned = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(turned, (bits) => {
        const damaged = Uint8Array.from(bytes);
        for (const [index, bit] of bits) damaged[index] = (damaged[index] ?? 0) ^ (1 << bit);
        damage(damaged);
        const code = codeOf(decodeUtf8(damaged));
        expect([undefined, 'ANYARCH_LEDGER_INVALID']).toContain(code);
        const entries = [...machine.entries()];
        expect(status(machine.host, { state }).entries.map(({ name }) => name)).toEqual([
          'qemu-s390x',
          'qemu-aarch64',
        ]);
        // What is still understood may be acted upon, so nothing but what is refused is tried.
        const refusals = code === undefined ? [] : [refusal(registering), refusal(unregistering)];
        expect(refusals.filter((one) => one !== code)).toEqual([]);
        expect([...machine.entries()]).toEqual(entries);
        expect(machine.host.files.read(path)).toEqual(damaged);
      }),
      { numRuns: 100 },
    );
  });

  test('hides nothing of what the kernel says', () => {
    expect(status(machine.host, { state })).toMatchObject({
      problems: [],
      entries: [{ registered: { by: 'anyarch 1: register arm64 s390x' } }, {}],
    });
    damage(text.slice(0, 100));
    const report = status(machine.host, { state });
    expect(report.problems).toMatchObject([{ code: 'ANYARCH_LEDGER_INVALID' }]);
    expect(report.entries).toMatchObject([
      { name: 'qemu-s390x', owner: { kind: 'anyarch' }, registered: undefined },
      { name: 'qemu-aarch64' },
    ]);
    explainFile(machine.host, '/bin/sh', { state });
    expect(machine.host.log.messages.map(({ message }) => message).join()).toContain(
      `cannot read the ledger ${path}`,
    );
  });

  test('that is a directory, or not to be read, is refused as well', () => {
    machine.host.files.remove(path);
    machine.host.files.addDirectory(path);
    expect(() => readLedger(machine.host, state)).toThrowWithCode('ANYARCH_LEDGER_INVALID');
    expect(status(machine.host, { state }).entries).toHaveLength(2);
  });

  test('is repaired as the hint says', () => {
    damage(text.slice(0, 100));
    const [problem] = status(machine.host, { state }).problems;
    const [, from = '', to = ''] = /mv (\S+) ([^\s)]+)/.exec(problem?.hint ?? '') ?? [];
    machine.host.files.rename(from, to);
    expect(machine.register({ architectures: ['arm64', 's390x'] }).results).toMatchObject([
      { action: 'keep', name: 'qemu-aarch64' },
      { action: 'keep', name: 'qemu-s390x' },
    ]);
    expect(readLedger(machine.host, state).wishes).toHaveLength(2);
    expect(unregister(machine.host, { architectures: 'all' }).outcome).toBe('ok');
    expect(machine.entries().size).toBe(0);
    expect(decodeUtf8(machine.host.files.read(to))).toBe(text.slice(0, 100));
  });
});

test('what an earlier anyarch recorded is taken over', () => {
  const { registrations } = readLedger(machine.host, state);
  const former = registrations.map((one) => ({ ...one, by: undefined }));
  machine.host.files.writeAtomic(path, encodeUtf8(JSON.stringify({ schema: 1, registrations: former })));
  expect(machine.register({ architectures: ['arm64'] }).results).toMatchObject([{ action: 'keep' }]);
  expect(JSON.parse(decodeUtf8(machine.host.files.read(path)))).toMatchObject({
    schema: 2,
    registrations: registrations.map(({ name, rule }) => ({ name, rule })),
    wishes: [{ architecture: 's390x' }, { architecture: 'aarch64' }],
  });
});

test('what an earlier anyarch registered had been asked for, with the flags of its rule', () => {
  machine.register({ architectures: ['arm64'], credentials: true, fixBinary: false, preserveArgv0: false });
  const { registrations } = readLedger(machine.host, state);
  const unfinished = registrations.map((one) => ({ ...one, state: 'intended' }));
  const wishesOf = (former: unknown) =>
    parseLedger(path, JSON.stringify({ schema: 1, registrations: former })).wishes;
  expect(wishesOf([{ ...registrations[0], rule: 'garbage' }, ...registrations])).toMatchObject([
    { architecture: 's390x', credentials: false, fixBinary: true, preserveArgv0: true, entry: 'qemu-s390x' },
    { architecture: 'aarch64', credentials: true, fixBinary: false, preserveArgv0: false },
  ]);
  expect(wishesOf(unfinished)).toEqual([]);
});

test.each(['registrations[0].adopted.rule', 'wishes[0].architecture', 'wishes[0].adopted.rule'])(
  'what cannot be understood one day is refused when it is read: %s',
  (where) => {
    const { registrations, wishes } = readLedger(machine.host, state);
    const adopted = { name: 'x', owner: 'unknown', rule: ':garbage', text: '', enabled: true };
    const [what = '', , field = ''] = where.split(/[[.]/);
    const wrong = field === 'architecture' ? { architecture: 'zzz' } : { adopted };
    const change = (all: readonly object[], kind: string) =>
      all.map((one, index) => (index === 0 && kind === what ? { ...one, ...wrong } : one));
    damage(
      JSON.stringify({
        schema: 2,
        registrations: change(registrations, 'registrations'),
        wishes: change(wishes, 'wishes'),
      }),
    );
    const commands = [registering, unregistering, () => release(machine.host, { names: 'all' })];
    for (const command of commands) {
      expect(command).toThrowWithCode('ANYARCH_LEDGER_INVALID');
      expect(command).toThrow(`${path}: ${where} `);
    }
    expect(status(machine.host, { state }).problems).toMatchObject([{ code: 'ANYARCH_LEDGER_INVALID' }]);
  },
);

const registering = () => machine.register({ architectures: ['riscv64'] });
const unregistering = () => unregister(machine.host, { architectures: 'all' });
const codeOf = (ledger: string) => refusal(() => parseLedger(path, ledger));

function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof AnyarchError) return error.code;
    throw error;
  }
}
