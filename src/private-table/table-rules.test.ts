import { describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { parseRule } from '../core/rule.ts';
import { encodeUtf8 } from '../core/text.ts';
import { fakeHost } from '../host/testing/index.ts';
import { tableRules } from './table-rules.ts';

const arm64 = {
  architecture: findArchitecture('arm64'),
  emulator: { path: '/q/qemu-aarch64', preservesArgv0: true },
};

describe('tableRules', () => {
  it("puts the guest's own rules last, where the kernel prefers them", () => {
    const host = fakeHost();
    const table = host.binfmt.table();
    for (const rule of [':old:E::old::/bin/cat:', ':new:E::new::/bin/cat:', ':off:E::off::/bin/cat:'])
      table.register(encodeUtf8(rule));
    table.control('off', '0');
    const rules = tableRules(host, [arm64]);
    expect(rules.map(({ name, optional }) => [name, optional])).toEqual([
      ['old', true],
      ['new', true],
      ['qemu-aarch64', false],
    ]);
    expect(parseRule(rules[2]!.text)).toMatchObject({
      interpreter: '/q/qemu-aarch64',
      flags: { fixBinary: true, credentials: true, openBinary: true, preserveArgv0: true },
    });
  });

  it('does not announce argv[0] to an emulator that would take it for its first argument', () => {
    const old = { ...arm64, emulator: { ...arm64.emulator, preservesArgv0: false } };
    expect(parseRule(tableRules(fakeHost(), [old])[0]!.text).flags.preserveArgv0).toBe(false);
  });

  it('copies nothing that has vanished since it was listed', () => {
    const host = fakeHost();
    const table = host.binfmt.table();
    table.register(encodeUtf8(':there:E::there::/bin/cat:'));
    const passing = { ...table, list: () => ['anyarch-riscv64-next', ...table.list()] };
    const rules = tableRules({ ...host, binfmt: { ...host.binfmt, table: () => passing } }, [arm64]);
    expect(rules.map(({ name }) => name)).toEqual(['there', 'qemu-aarch64']);
  });

  it('needs no mounted table on the host', () => {
    expect(tableRules(fakeHost({ binfmt: { state: 'unmounted' } }), [arm64])).toHaveLength(1);
  });
});
