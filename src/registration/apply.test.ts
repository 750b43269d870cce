import { expect, test } from 'vitest';
import { SystemError } from '../host/system-error.ts';
import { readLedger } from './ledger.ts';
import { register } from './register.ts';
import { unregister } from './unregister.ts';
import { install, registrationHost, state, type RegistrationHost } from './testing/registration-host.ts';

const three = ['arm64', 'riscv64', 's390x'];

/** What is written to the table and executed, in one list. */
function recording(prepared: RegistrationHost): { readonly host: RegistrationHost['host']; log: string[] } {
  const { host } = prepared;
  const log: string[] = [];
  const { binfmt, executor } = host;
  return {
    log,
    host: {
      ...host,
      binfmt: {
        ...binfmt,
        table: () => {
          const table = binfmt.table();
          return {
            ...table,
            register: (rule) => {
              log.push(`+${new TextDecoder().decode(rule).split(':')[1] ?? ''}`);
              table.register(rule);
            },
            control: (name, command) => {
              log.push(`${command === '-1' ? '-' : command}${name}`);
              table.control(name, command);
            },
          };
        },
      },
      executor: {
        ...executor,
        executeAll: (programs) => {
          log.push(`execute ${programs.length}`);
          return executor.executeAll(programs);
        },
      },
    },
  };
}

function upgradeAll(prepared: RegistrationHost): void {
  for (const target of ['aarch64', 'riscv64', 's390x'])
    prepared.emulators.set(target, install(prepared.host, target, '12.0.0'));
}

const chooseFrom =
  ({ emulators }: RegistrationHost) =>
  (target: string) =>
    emulators.get(target)!;

test('writes all entries and proves them together, without a gap while replacing', () => {
  const prepared = registrationHost();
  const { host, log } = recording(prepared);
  const choose = chooseFrom(prepared);
  expect(register(host, { architectures: three, choose }).outcome).toBe('ok');
  const native = 'execute 2';
  expect(log.splice(0)).toEqual([native, '+qemu-aarch64', '+qemu-riscv64', '+qemu-s390x', 'execute 3']);
  upgradeAll(prepared);
  expect(register(host, { architectures: three, choose }).outcome).toBe('ok');
  const swap = (name: string) => [`-qemu-${name}`, `+qemu-${name}`, `-anyarch-${name}-next`];
  expect(log.splice(0)).toEqual([
    native,
    ...['+anyarch-aarch64-next', '+anyarch-riscv64-next', '+anyarch-s390x-next'],
    'execute 3',
    ...[...swap('aarch64'), ...swap('riscv64'), ...swap('s390x')],
    'execute 3',
  ]);
  expect(unregister(host, { architectures: 'all', state }).outcome).toBe('ok');
  expect(log.at(-1)).toBe('execute 3');
  expect(log.filter((line) => line.startsWith('execute'))).toHaveLength(1);
});

test('one emulator that does not work keeps the others from nothing', () => {
  const prepared = registrationHost();
  const choose = chooseFrom(prepared);
  register(prepared.host, { architectures: three, choose });
  upgradeAll(prepared);
  const broken = prepared.emulators.get('riscv64')!;
  prepared.host.addProgram(broken.path, 'broken', () => ({ kind: 'timeout' }));
  const { host, log } = recording(prepared);
  expect(register(host, { architectures: three, choose }).results).toMatchObject([
    { action: 'replace', proven: true, error: undefined },
    { action: 'replace', proven: false, error: { code: 'ANYARCH_PROBE_FAILED' } },
    { action: 'replace', proven: true, error: undefined },
  ]);
  expect(log.at(-1)).toBe('execute 2');
  const entries = prepared.entries();
  expect([...entries.keys()].sort()).toEqual(['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x']);
  expect(entries.get('qemu-riscv64')).toContain('riscv64-11.1.3');
  expect(entries.get('qemu-s390x')).toContain('s390x-12.0.0');
});

test('removes other entries only after what is wanted was proven', () => {
  const prepared = registrationHost();
  const choose = chooseFrom(prepared);
  register(prepared.host, { architectures: three, choose });
  const { host, log } = recording(prepared);
  register(host, { architectures: ['m68k', 'arm64'], choose: chooseFrom(withMore(prepared)), reset: true });
  expect(log.slice(1)).toEqual(['+qemu-m68k', 'execute 2', '-qemu-s390x', '-qemu-riscv64']);
});

test('reports each removal that is refused after something was registered', () => {
  const prepared = registrationHost();
  const choose = chooseFrom(prepared);
  register(prepared.host, { architectures: three, choose });
  const table = prepared.host.binfmt.path;
  prepared.host.files.fail({ errno: 'EROFS', method: 'writeOnce', path: `${table}/qemu-s390x` });
  prepared.host.files.fail({ errno: 'EROFS', method: 'writeOnce', path: `${table}/qemu-riscv64` });
  const { outcome, results } = register(prepared.host, { architectures: ['arm64'], choose, reset: true });
  expect(outcome).toBe('partial');
  expect(results.map(({ action, error }) => [action, error?.code])).toEqual([
    ['keep', undefined],
    ['remove', 'ANYARCH_BINFMT_READ_ONLY'],
    ['remove', 'ANYARCH_BINFMT_READ_ONLY'],
  ]);
});

function withMore(prepared: RegistrationHost): RegistrationHost {
  prepared.emulators.set('m68k', install(prepared.host, 'm68k', '11.1.3'));
  return prepared;
}

test('takes everything back when the probes cannot be executed', () => {
  const prepared = registrationHost();
  const { executor } = prepared.host;
  let calls = 0;
  const host = {
    ...prepared.host,
    executor: {
      ...executor,
      executeAll: (programs: readonly string[]) => {
        calls += 1;
        // The first is for what is native.
        if (calls > 1) throw new SystemError('EAGAIN', 'clone', programs[0]);
        return executor.executeAll(programs);
      },
    },
  };
  const report = register(host, { architectures: three, choose: chooseFrom(prepared) });
  expect(report.outcome).toBe('failed');
  expect(report.results[0]?.error).toMatchObject({
    code: 'ANYARCH_PROBE_FAILED',
    message: expect.stringContaining('EAGAIN') as string,
  });
  expect(prepared.entries().size).toBe(0);
  expect(readLedger(prepared.host, state).registrations).toEqual([]);
});
