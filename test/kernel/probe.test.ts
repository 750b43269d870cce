import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildProbe, probeArchitectures } from '../../src/core/probe/probe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.qemu], 'probes under the emulator of their architecture', () => {
  test.each(probeArchitectures)('%s exits with the code that it was built for', (name) => {
    for (const exitCode of [42, 7, 200])
      expect(runProbe(name, exitCode)).toMatchObject({ status: exitCode, signal: null });
  });

  test('arm runs on an ARMv5 core', () => {
    expect(runProbe('arm', 42, ['-cpu', 'arm926'])).toMatchObject({ status: 42 });
  });

  test('a probe is refused by the emulator of another architecture', () => {
    expect(runProbe('aarch64', 42, [], 'riscv64').status).toBe(255);
  });
});

function runProbe(name: string, exitCode: number, options: readonly string[] = [], emulator = name) {
  const path = join(temporaryDirectory('probe'), name);
  writeFileSync(path, buildProbe(name, exitCode));
  chmodSync(path, 0o755);
  return spawnSync(join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${emulator}`), [...options, path], {
    encoding: 'utf8',
  });
}
