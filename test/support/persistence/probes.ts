import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProbe } from '../../../src/core/probe/probe.ts';
import type { Host } from '../../../src/host/host.ts';
import { temporaryDirectory } from '../temporary.ts';

/** What the tests persist; QEMU's names. */
export const targets = ['aarch64', 's390x'] as const;

export type Probes = Record<(typeof targets)[number], unknown>;

/** When both run. */
export const proven: Probes = { aarch64: { kind: 'exited', code: 42 }, s390x: { kind: 'exited', code: 42 } };

/** When neither is registered. */
export const refused: Probes = {
  aarch64: { kind: 'refused', errno: 'ENOEXEC' },
  s390x: { kind: 'refused', errno: 'ENOEXEC' },
};

let directory: string | undefined;

/** Paths of the probes, made at the first use. */
export function probePath(target: (typeof targets)[number]): string {
  if (directory === undefined) {
    directory = temporaryDirectory('probes');
    for (const name of targets) writeFileSync(join(directory, name), buildProbe(name), { mode: 0o755 });
  }
  return join(directory, target);
}

export function probe({ executor }: Pick<Host, 'executor'>): Probes {
  return {
    aarch64: executor.execute(probePath('aarch64')),
    s390x: executor.execute(probePath('s390x')),
  };
}

/** Entries as the kernel prints them, by name. */
export function entriesOf({ binfmt }: Pick<Host, 'binfmt'>): Record<string, string> {
  const table = binfmt.table();
  return Object.fromEntries(table.list().map((name) => [name, table.read(name)]));
}
