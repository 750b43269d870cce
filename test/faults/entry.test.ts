import { findArchitecture } from '../../src/core/architecture.ts';
import { noFlags } from '../../src/core/flags.ts';
import { formatRule, type Rule } from '../../src/core/rule.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault, type InjectedFault } from '../support/faults/fault.ts';
import {
  exitsWith42,
  foreignCommand,
  foreignProgram,
  mustRun,
  writeToTable,
} from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';

const { magic, mask, offset } = findArchitecture('s390x');

/** A program for s390x that works because anyarch has registered it, until the fault. */
function testEntryFault(
  fault: Pick<InjectedFault, 'name' | 'cause' | 'inject' | 'remedy' | 'isUntold' | 'alsoErrors'>,
): void {
  testFault(registered, {
    command: (laboratory) => foreignCommand(laboratory),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
    ...fault,
  });
}

/** The table has two architectures, so that it is never empty. */
async function registered(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await mustRun(laboratory, 'register', 's390x', 'riscv64');
  return laboratory;
}

async function registerRule(laboratory: Laboratory, rule: Partial<Rule>): Promise<void> {
  const whole: Rule = {
    name: 'qemu-s390x',
    kind: 'magic',
    magic,
    mask,
    offset,
    interpreter: `${process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''}/qemu-s390x`,
    flags: { ...noFlags, fixBinary: true },
    ...rule,
  };
  await writeToTable(laboratory, 'register', Buffer.from(formatRule(whole)).toString('latin1'));
}

async function remove(laboratory: Laboratory, name = 'qemu-s390x'): Promise<void> {
  await writeToTable(laboratory, name, '-1');
}

describeWith([needs.qemu, needs.hostTable], 'an entry', () => {
  testEntryFault({ name: 'it is removed', cause: 'entry-missing', inject: remove });

  testEntryFault({
    name: 'it is removed, and --fix registers it',
    cause: 'entry-missing',
    inject: remove,
    remedy: 'fix',
  });

  testEntryFault({
    name: 'it is disabled',
    cause: 'entry-disabled',
    inject: (laboratory) => writeToTable(laboratory, 'qemu-s390x', '0'),
  });

  testEntryFault({
    name: 'one of others is disabled, and is the only one',
    cause: 'entry-disabled',
    inject: async (laboratory) => {
      await remove(laboratory);
      await registerRule(laboratory, { name: 'theirs' });
      await writeToTable(laboratory, 'theirs', '0');
    },
  });

  for (const [name, interpreter] of [
    ['rosetta', '/mnt/lima-rosetta/rosetta'],
    ['FEX-s390x', '/usr/bin/FEXInterpreter'],
    ['box64', '/usr/local/bin/box64'],
    ['qemu-s390x-theirs', '/usr/bin/qemu-s390x-static'],
  ] as const)
    testEntryFault({
      name: `${name} was registered later, and its interpreter is not there`,
      cause: 'entry-shadowed',
      alsoErrors: { 'interpreter-missing': 'that is why the entry which wins does not work' },
      inject: (laboratory) => registerRule(laboratory, { name, interpreter, flags: noFlags }),
    });

  testEntryFault({
    name: "WSLInterop's rule was registered later with a magic that takes everything",
    cause: 'entry-shadowed',
    alsoErrors: { 'entry-of-another-architecture': 'its magic is that of an architecture' },
    inject: (laboratory) =>
      registerRule(laboratory, {
        name: 'WSLInterop',
        magic: Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 2]),
        mask: undefined,
        interpreter: '/init',
        flags: { ...noFlags, preserveArgv0: true },
      }),
  });

  testEntryFault({
    name: 'its magic has been eaten by a shell',
    cause: 'entry-wrong-pattern',
    inject: async (laboratory) => {
      await remove(laboratory);
      await registerRule(laboratory, { magic: Buffer.from('x7fELF'), mask: undefined });
    },
  });

  testEntryFault({
    name: 'its mask compares what differs between programs',
    cause: 'entry-wrong-pattern',
    inject: async (laboratory) => {
      await remove(laboratory);
      // As for programs of GNU's OS ABI alone.
      const gnu = magic.slice();
      gnu[7] = 3;
      await registerRule(laboratory, { magic: gnu, mask: undefined });
    },
  });

  testEntryFault({
    name: 'the one of another architecture takes its programs',
    cause: 'entry-of-another-architecture',
    inject: async (laboratory) => {
      await remove(laboratory);
      const wide = mask.slice();
      wide[18] = wide[19] = 0;
      await registerRule(laboratory, {
        name: 'qemu-ppc64',
        magic: findArchitecture('ppc64').magic,
        mask: wide,
        interpreter: `${process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''}/qemu-ppc64`,
      });
    },
  });
});
