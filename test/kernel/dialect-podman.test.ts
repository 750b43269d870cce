import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRule } from '../../src/core/rule.ts';
import { watchNative } from '../../src/dialects/podman/native-watch.ts';
import { writeRule } from '../../src/dialects/podman/write-rule.ts';
import { nativeArchitectures, readTable, withProver } from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
let table: PrivateTable;
let state: string;

beforeEach(async () => {
  table = await openPrivateTable();
  state = temporaryDirectory('state');
});
afterEach(() => table.close());

const pieProgram = ':pie:M:16:\\x03\\x00\\x3e\\x00::';

/** @param trusting as if nothing were known of patterns */
function write(rule: string, { trusting = false } = {}): string {
  return withProver(table.host, state, (prover) => {
    const watch = watchNative(prover, nativeArchitectures(table.host, readTable(table.host), prover));
    expect(watch.broken()).toEqual([]);
    const given = trusting ? { ...watch, architectures: new Set<string>() } : watch;
    return writeRule(table.host, parseRule(rule), given);
  });
}

describeWith([needs.qemu], 'rules of configuration files on the kernel', () => {
  test('what takes native programs is refused; written all the same, it is taken back', () => {
    const interpreter = join(qemu, 'qemu-arm');
    const names = () => table.host.binfmt.table().list();
    expect(() => write(`${pieProgram}${interpreter}:F`)).toThrowWithCode('ANYARCH_NATIVE_ARCHITECTURE');
    expect(names()).toEqual([]);
    expect(() => write(`${pieProgram}${interpreter}:F`, { trusting: true })).toThrowWithCode(
      'ANYARCH_PROBE_FAILED',
    );
    expect(names()).toEqual([]);
    table.run(['/bin/true']);
    expect(write(`:jar:M::PK\\x03\\x04::${interpreter}:F`)).toBe('registered');
    expect(write(`:sh:E::sh::${interpreter}:F`)).toBe('registered');
    expect(names()).toEqual(['sh', 'jar']);
    table.run(['/bin/true']);
  });
});
