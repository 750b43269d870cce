import { describeWith, needs } from '../support/engines/requirements.ts';
import { copyEmulator } from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import { exitsWith42, foreignCommand, foreignProgram, writeToTable } from '../support/faults/foreign.ts';
import { privateLaboratory } from '../support/faults/laboratory.ts';

describeWith([needs.qemu, needs.hostTable], 'a rule that ends before the machine is named', () => {
  testFault(privateLaboratory, {
    name: 'what a shell makes of the rule for arm takes the programs for i386, too',
    cause: 'entry-too-broad',
    inject: (laboratory) =>
      writeToTable(
        laboratory,
        'register',
        `:qemu-arm:M::\\x7fELF\\x01\\x01\\x01:\\xff\\xff\\xff\\xff\\xff\\xfe\\xfe:${copyEmulator(laboratory)}:`,
      ),
    command: (laboratory) => foreignCommand(laboratory, 'i386'),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory, 'i386')],
  });
});
