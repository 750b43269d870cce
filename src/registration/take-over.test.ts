import { expect, test } from 'vitest';
import { othersRules, type OthersRule } from '../../test/data/others.ts';
import { parseRule } from '../core/rule.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { readLedger } from './ledger.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { takingOver } from './take-over.ts';
import { aarch64Pattern, registrationHost, state } from './testing/registration-host.ts';
import type { RegistrationHost } from './testing/registration-host.ts';

const targets = ['aarch64', 'riscv64', 'i386', 'x86_64', 'mips', 'mipsn32'];

/** Those who emulate i386 do so on arm64. */
function withEntry({ rule, architecture }: OthersRule): { prepared: RegistrationHost; name: string } {
  const native = architecture === 'i386' ? ['x86_64'] : ['x86_64', 'i386'];
  const prepared = registrationHost(targets, { executor: { native } });
  const { name, interpreter } = parseRule(rule);
  prepared.host.addProgram(interpreter);
  prepared.addEntry(rule);
  return { prepared, name };
}

const isEmulated = ({ architecture }: OthersRule) => architecture !== undefined && architecture !== 'x86_64';

test.each(othersRules.filter(isEmulated))('$who: taken over and given back', (others) => {
  const { prepared, name } = withEntry(others);
  const before = [...prepared.entries()];
  const [result] = prepared.register({ architectures: [], takeOver: takingOver([name]) }).results;
  expect(result).toMatchObject({
    name,
    architecture: others.architecture,
    action: 'replace',
    proven: true,
    adopted: { owner: others.owner },
  });
  expect([...prepared.entries()]).not.toEqual(before);
  release(prepared.host, { names: [name] });
  expect([...prepared.entries()]).toEqual(before);
});

test.each(othersRules.filter((others) => !isEmulated(others)))('$who: refused', (others) => {
  const { prepared, name } = withEntry(others);
  const before = [...prepared.entries()];
  const [result] = prepared.register({ architectures: [], takeOver: takingOver([name]) }).results;
  expect(result?.error?.code).toBe(
    others.architecture === undefined ? 'ANYARCH_NOT_ADOPTABLE' : 'ANYARCH_NATIVE_ARCHITECTURE',
  );
  expect([...prepared.entries()]).toEqual(before);
  expect(readLedger(prepared.host, state).registrations).toEqual([]);
});

const theirs = '/usr/bin/qemu-aarch64';
const rule = (flags: string, name = 'qemu-aarch64') => `:${name}:${aarch64Pattern}:${theirs}:${flags}`;

function refusal(prepared: RegistrationHost, options: { force?: boolean } = {}): string | undefined {
  const before = [...prepared.entries()];
  const { results } = prepared.register({
    architectures: [],
    takeOver: takingOver(['qemu-aarch64']),
    ...options,
  });
  const code = results[0]?.error?.code;
  if (code !== undefined) expect([...prepared.entries()]).toEqual(before);
  return code;
}

test('with F, only while the interpreter is there', () => {
  const prepared = registrationHost();
  prepared.host.addProgram(theirs);
  prepared.addEntry(rule('F'));
  prepared.host.files.remove(theirs);
  expect(refusal(prepared)).toBe('ANYARCH_NOT_RESTORABLE');
  expect(refusal(prepared, { force: true })).toBeUndefined();
  expect(release(prepared.host, { names: 'all' }).results).toEqual([]);
  expect(release(prepared.host, { names: ['qemu-aarch64'] }).results).toMatchObject([
    { error: { code: 'ANYARCH_NOT_RESTORABLE', message: expect.stringContaining('for good') as string } },
  ]);
});

test('without F it is looked up at each exec, and can be registered whether it is there or not', () => {
  const prepared = registrationHost();
  prepared.addEntry(rule('OC'));
  expect(refusal(prepared)).toBeUndefined();
});

/** When the interpreter and the entry were last changed. */
function dated({ host }: RegistrationHost, interpreterMs: number, entryMs: number): FakeHost {
  const status: FakeHost['files']['status'] = (path) => {
    const found = host.files.status(path);
    if (found === undefined) return undefined;
    if (path === theirs) return { ...found, changedMs: interpreterMs };
    return path === `${host.binfmt.path}/qemu-aarch64` ? { ...found, modifiedMs: entryMs } : found;
  };
  return { ...host, files: { ...host.files, status } };
}

test('with F, not when the interpreter was replaced after it had been registered', () => {
  const prepared = registrationHost();
  prepared.host.addProgram(theirs);
  prepared.addEntry(rule('F'));
  const before = prepared.entries().get('qemu-aarch64');
  const attempt = (interpreterMs: number, force = false) =>
    register(dated(prepared, interpreterMs, 1000), {
      architectures: [],
      takeOver: takingOver(['qemu-aarch64']),
      choose: (target) => prepared.emulators.get(target)!,
      force,
    }).results[0];
  expect(attempt(1001)?.error).toMatchObject({
    code: 'ANYARCH_NOT_RESTORABLE',
    message: expect.stringContaining('was changed or replaced') as string,
  });
  expect(attempt(1001, true)?.error).toBeUndefined();
  release(prepared.host, { names: 'all' });
  expect(prepared.entries().get('qemu-aarch64')).toBe(before);
  expect(attempt(999)?.error).toBeUndefined();
});

test('with F, not from where the host’s files are not seen', () => {
  const prepared = registrationHost(['aarch64'], { system: { hostFiles: 'hidden' } });
  prepared.host.addProgram(theirs);
  prepared.addEntry(rule('F'));
  expect(refusal(prepared)).toBe('ANYARCH_NOT_RESTORABLE');
});

test('not what takes programs that nothing would take any more', () => {
  const prepared = registrationHost(targets);
  // QEMU's script before 9.0: 20 bytes, which do not tell N32 from the others.
  const pattern =
    'M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x08:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff';
  prepared.addEntry(`:qemu-mips:${pattern}:/usr/bin/qemu-mips:OC`);
  const attempt = (options: { force?: boolean } = {}) =>
    prepared.register({ architectures: ['mips'], takeOver: takingOver(['qemu-mips']), ...options })
      .results[0];
  expect(attempt()?.error).toMatchObject({
    code: 'ANYARCH_NOT_ADOPTABLE',
    message: expect.stringContaining('mipsn32') as string,
  });
  expect([...prepared.entries().keys()]).toEqual(['qemu-mips']);
  prepared.register({ architectures: ['mipsn32'] });
  expect(attempt()?.error).toBeUndefined();
});

test('each name by itself: what is refused leaves its architecture alone', () => {
  const prepared = registrationHost();
  prepared.addEntry(':jar:M::PK\\x03\\x04::/usr/bin/jexec:');
  prepared.addEntry(':anything:E::txt::/usr/bin/cat:');
  prepared.addEntry(rule(''));
  prepared.addEntry(rule('', 'second'));
  const { outcome, results } = prepared.register({
    architectures: [],
    takeOver: takingOver(['jar', 'anything', 'nothing', 'qemu-aarch64', 'second']),
  });
  expect(outcome).toBe('partial');
  expect(results.map(({ name, error }) => [name, error?.code])).toEqual([
    ['qemu-aarch64', undefined],
    ['second', 'ANYARCH_NOT_ADOPTABLE'],
    ['jar', 'ANYARCH_NOT_ADOPTABLE'],
    ['anything', 'ANYARCH_NOT_ADOPTABLE'],
    ['nothing', 'ANYARCH_ENTRY_NOT_FOUND'],
  ]);
});

test('of another architecture than what is to be registered', () => {
  const prepared = registrationHost();
  prepared.addEntry(rule(''));
  const { results } = prepared.register({
    architectures: ['riscv64'],
    takeOver: takingOver(['qemu-aarch64']),
  });
  expect(results.map(({ architecture, error }) => [architecture, error?.code])).toEqual([
    ['riscv64', undefined],
    ['aarch64', 'ANYARCH_USAGE'],
  ]);
});

test('a second one for the same architecture, at another time', () => {
  const prepared = registrationHost();
  prepared.addEntry(rule(''));
  prepared.addEntry(rule('', 'second'));
  const attempt = (name: string) =>
    prepared.register({ architectures: [], takeOver: takingOver([name]) }).results[0]?.error;
  expect(attempt('qemu-aarch64')).toBeUndefined();
  expect(attempt('second')).toMatchObject({
    code: 'ANYARCH_NOT_ADOPTABLE',
    hint: expect.stringContaining('anyarch release qemu-aarch64') as string,
  });
});

test('not what cannot be read, or written again', () => {
  const prepared = registrationHost();
  prepared.addEntry(rule(''));
  const { binfmt } = prepared.host;
  const withText = (change: (text: string) => string) =>
    register(
      {
        ...prepared.host,
        binfmt: {
          ...binfmt,
          table: () => ({ ...binfmt.table(), read: (name) => change(binfmt.table().read(name)) }),
        },
      },
      {
        architectures: [],
        takeOver: takingOver(['qemu-aarch64']),
        choose: (target) => prepared.emulators.get(target)!,
      },
    ).results[0]?.error?.code;
  expect(withText(() => 'enabled\nnew in Linux 9\n')).toBe('ANYARCH_NOT_RESTORABLE');
  expect(withText((text) => text.replace('/usr/bin', '/usr/\uFFFD'))).toBe('ANYARCH_NOT_RESTORABLE');
  expect(withText((text) => text.replace('/usr/bin', 'relative'))).toBe('ANYARCH_NOT_RESTORABLE');
  expect(prepared.entries().size).toBe(1);
});

test('a dry run changes nothing', () => {
  const prepared = registrationHost();
  prepared.addEntry(rule(''));
  const before = [...prepared.entries()];
  expect(
    prepared.register({ architectures: [], takeOver: takingOver(['qemu-aarch64']), dryRun: true }).results,
  ).toMatchObject([{ action: 'replace', adopted: { name: 'qemu-aarch64' } }]);
  expect([...prepared.entries()]).toEqual(before);
});
