import { architectureOfElf } from '../../../core/elf-architecture.ts';
import { AnyarchError } from '../../../core/error.ts';
import { defineCheck } from '../../check.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import { fileExplanation } from '../../facts/explanation.ts';
import { noFile, unreadable } from './no-file.ts';

/** elf.h, those that people meet and QEMU has no user-mode emulator for. */
const known: Readonly<Record<number, string>> = {
  7: 'Intel 80860',
  22: 's390 (31 bits)',
  50: 'Itanium (ia64)',
  62: 'x32 (x86-64 with pointers of 32 bits)',
  83: 'AVR',
  93: 'ARC',
  104: 'Texas Instruments MSP430',
  175: 'Elbrus (e2k)',
  195: 'ARC v2',
  247: 'BPF',
  252: 'C-SKY',
};

export const architectureUnknown = defineCheck({
  id: 'architecture-unknown',
  question: 'Is there an emulator for the architecture of the program at all?',
  severity: 'error',
  explanation:
    'QEMU emulates some thirty architectures in user mode. A program for another one, or in an ABI that it does not know (x32, arm64 in ILP32, 31-bit s390), cannot be run on this machine by any entry.',
  remedy: 'build the program for an architecture that can be run',
  symptoms: ['exec-format-error', 'run-as-script'],
  references: ['https://www.qemu.org/docs/master/user/main.html'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, elf, header } = program;
    if (header === undefined) return unreadable(path);
    if (elf === undefined || elf instanceof AnyarchError)
      return { status: 'skipped', reason: `${path} is no ELF program` };
    const architecture = architectureOfElf(elf);
    if (architecture !== undefined)
      return { status: 'ok', evidence: [`${path} is for ${architecture.name}`] };
    if (fileExplanation(examination)?.verdict.outcome === 'native')
      return { status: 'ok', evidence: [`this machine runs ${path} by itself`] };
    const { machine, class: width, endianness } = elf;
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${path} is for ${known[machine] ?? `ELF machine ${machine}`}, which QEMU does not emulate in user mode`,
      evidence: [`e_machine ${machine}, ${width} bits, ${endianness}-endian`],
      remedies: [
        {
          does: 'build it for an architecture of `anyarch emulators list`, or run it on such hardware',
          by: 'user',
        },
      ],
    };
  },
});
