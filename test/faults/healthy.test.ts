import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { registeredLaboratory } from '../support/faults/entries.ts';
import { foreignProgram } from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';

interface Said {
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: { readonly status: string; readonly severity?: string };
  }[];
}

/** Ids of the checks that find an error. */
async function errorsSaid(laboratory: Laboratory, question: readonly string[]): Promise<string[]> {
  const { checks } = (await laboratory.anyarch(['doctor', ...question, '--json'])).json() as Said;
  expect(checks.length).toBeGreaterThan(50);
  return checks.flatMap(({ id, verdict }) =>
    verdict.status === 'fault' && verdict.severity === 'error' ? [id] : [],
  );
}

/** The laboratory's table may lie over the host's. */
const nothingRegistered = expect.stringMatching(/^(?:own-table-empty|entry-missing)$/) as unknown;

async function withLaboratory(
  open: () => Promise<Laboratory>,
  action: (laboratory: Laboratory) => Promise<void>,
): Promise<void> {
  const laboratory = await open();
  try {
    await action(laboratory);
  } finally {
    await laboratory.close();
  }
}

describeWith([needs.qemu, needs.hostTable], 'where nothing is wrong with what was asked about', () => {
  test('no message of something else makes an error of a table without entries', async () => {
    await withLaboratory(privateLaboratory, async (laboratory) => {
      for (const message of [
        'hello world',
        'curl: (6) Could not resolve host: example.org',
        'make: *** [Makefile:2: all] Error 1',
        'bash: /etc/passwd: Permission denied',
        'bash: /proc/sys/fs/binfmt_misc/register: No such file or directory',
      ])
        expect([message, ...(await errorsSaid(laboratory, ['--error', message]))]).toEqual([message]);
      // The twin: what speaks of a program that cannot be run.
      expect(await errorsSaid(laboratory, ['--error', 'exec format error'])).toEqual([nothingRegistered]);
    });
  });

  test('no other file does', async () => {
    await withLaboratory(privateLaboratory, async (laboratory) => {
      const script = join(laboratory.directory, 't.sh');
      writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
      expect(await errorsSaid(laboratory, ['--file', script])).toEqual([]);
      const program = foreignProgram(laboratory.directory);
      expect(await errorsSaid(laboratory, ['--file', program])).toEqual([nothingRegistered]);
    });
  });

  test('a table that is hidden in an inner namespace is not mounted there', async () => {
    await withLaboratory(registeredLaboratory, async (laboratory) => {
      const program = foreignProgram(laboratory.directory);
      const inside = `mount -t proc proc /proc && ${program}; echo "before $?"; anyarch doctor; ${program}; echo "after $?"`;
      const { stdout } = await laboratory.run(['unshare', '-Urmpf', 'bash', '-c', inside]);
      expect(stdout).toContain('before 42');
      expect(stdout).toContain('after 42');
      expect(stdout).toContain('binfmt-not-mounted');
      expect(stdout).not.toMatch(/^\s+(?:sudo )?mount -t binfmt_misc/m);
    });
  });
});
