import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findArchitecture } from '../../src/core/architecture.ts';
import { noFlags } from '../../src/core/flags.ts';
import { formatRule } from '../../src/core/rule.ts';
import { describeFailure } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault } from '../support/faults/fault.ts';
import { mustRun, writeToTable } from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';
import { apptainerDirectory } from '../support/fixtures/apptainer.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';

interface ApptainerLaboratory extends Laboratory {
  readonly apptainer: string;
  readonly image: string;
}

describeWith([needs.root, needs.apt, needs.qemu, needs.hostTable, needs.apptainer], 'apptainer', () => {
  testFault(apptainerLaboratory, {
    name: 'the entry works, and its magic is not to the letter what apptainer looks for',
    cause: 'entry-unseen-by-apptainer',
    alsoErrors: { 'engine-missing': 'apptainer is started by its path here, and is in no directory of PATH' },
    command: ({ apptainer, image }) => [apptainer, '--quiet', 'exec', image, 'true'],
    ask: () => ['apptainer'],
    inject: async (laboratory) => {
      await writeToTable(laboratory, 'qemu-aarch64', '-1');
      const { magic, mask, offset } = findArchitecture('arm64');
      const other = magic.slice();
      // The OS ABI, which the mask leaves out.
      other[7] = 3;
      const interpreter = `${process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''}/qemu-aarch64`;
      const flags = { ...noFlags, fixBinary: true };
      const rule = formatRule({
        name: 'arm64-by-hand',
        kind: 'magic',
        magic: other,
        mask,
        offset,
        interpreter,
        flags,
      });
      await writeToTable(laboratory, 'register', Buffer.from(rule).toString('latin1'));
    },
  });
});

/** With a SIF image for arm64, whose architecture is registered. */
async function apptainerLaboratory(): Promise<ApptainerLaboratory> {
  const laboratory = await privateLaboratory();
  const { directory } = laboratory;
  const apptainer = join(await apptainerDirectory(), 'apptainer');
  const [root, image] = [join(directory, 'root'), join(directory, 'image.sif')];
  cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
  mkdirSync(join(root, 'var/tmp'), { recursive: true });
  const built = await laboratory.run([apptainer, 'build', '--arch', 'arm64', image, root]);
  if (built.exitCode !== 0) throw new Error(describeFailure(built));
  await mustRun(laboratory, 'register', 'arm64');
  return { ...laboratory, apptainer, image };
}
