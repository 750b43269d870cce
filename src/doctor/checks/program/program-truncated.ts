import { loadedSize } from '../../../core/elf-needed.ts';
import { AnyarchError } from '../../../core/error.ts';
import { defineCheck } from '../../check.ts';
import { askedProgram, type AskedProgram } from '../../facts/asked-program.ts';
import { noFile, unreadable } from './no-file.ts';

export const programTruncated = defineCheck({
  id: 'program-truncated',
  question: 'Is the program complete?',
  severity: 'error',
  explanation:
    'An ELF program says in its header which parts of the file are loaded. Where the file ends before that, a download or a copy was cut off, or a file system was full: the kernel says "exec format error", or the program, or QEMU, dies by SIGBUS or SIGSEGV. Filters such as those of git and of mail damage programs, too.',
  remedy: 'copy or download it again, and compare its size and digest with those of the original',
  symptoms: ['exec-format-error', 'guest-crash', 'run-as-script', 'no-such-file'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, size, elf, header } = program;
    if (header === undefined) return unreadable(path);
    if (elf === undefined) return { status: 'skipped', reason: `${path} is no ELF file` };
    const damage = damageOf(program);
    if (damage === undefined)
      return { status: 'ok', evidence: [`${path} has all ${size} bytes that its headers speak of, or more`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${path} is cut off or damaged`,
      evidence: [damage, `its size is ${size} bytes`],
      remedies: [
        { does: 'copy or download it again, and compare its size with that of the original', by: 'user' },
      ],
    };
  },
});

function damageOf({ elf, source, size }: AskedProgram): string | undefined {
  if (elf instanceof AnyarchError) return elf.message;
  if (elf === undefined || elf.linkage === 'none') return undefined;
  const wanted = loadedSize(source);
  return wanted <= size ? undefined : `its headers want ${wanted} bytes to be loaded`;
}
