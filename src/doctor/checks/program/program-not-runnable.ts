import { AnyarchError } from '../../../core/error.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { askedProgram, type AskedProgram } from '../../facts/asked-program.ts';
import { fileExplanation } from '../../facts/explanation.ts';
import type { Remedy } from '../../verdict.ts';
import { editing } from './editing.ts';
import { noFile, unreadable } from './no-file.ts';

export const programNotRunnable = defineCheck({
  id: 'program-not-runnable',
  question: 'Is the file a program or a script at all?',
  severity: 'error',
  explanation:
    'The kernel runs ELF programs, and scripts whose first two bytes are #!. An empty file, a script without #!, a web page that was saved in place of a download, an object file or a library are none: "exec format error" from engines, while shells run text as a script of theirs, with whatever comes of it.',
  remedy: 'write #! and an interpreter in the first line of a script, or get the real file',
  symptoms: ['exec-format-error', 'run-as-script', 'runs-nothing', 'guest-crash'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, header } = program;
    if (header === undefined) return unreadable(path);
    const level = fileExplanation(examination)?.levels[0];
    const what = level?.takenBy === 'entry' ? undefined : strangeness(examination, program, header);
    if (what === undefined)
      return { status: 'ok', evidence: [`${path} is a program, a script, or taken by an entry`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${path} is ${what.is}`,
      evidence: [`its first bytes are ${firstBytes(header)}`],
      remedies: [what.remedy],
    };
  },
});

interface Strangeness {
  readonly is: string;
  readonly remedy: Remedy;
}

const getItAgain: Remedy = { does: 'get the program itself in its place', by: 'user' };

function strangeness(
  { file }: Examination,
  { path, elf, script }: AskedProgram,
  header: Uint8Array,
): Strangeness | undefined {
  if (header.length === 0) return { is: 'empty', remedy: getItAgain };
  if (script !== undefined || elf instanceof AnyarchError) return undefined;
  if (elf !== undefined) return elfThatIsNoProgram(elf.linkage);
  const text = new TextDecoder().decode(header);
  if (/^\s*<(!doctype|html|\?xml)/i.test(text))
    return { is: 'a web page, as servers send them in place of a file', remedy: getItAgain };
  if (text.startsWith('\ufeff') || text.includes('#!', 1))
    return {
      is: 'a script whose #! is not in its first two bytes',
      remedy: {
        does: 'remove what stands before #!, such as a byte order mark or an empty line',
        by: 'user',
      },
    };
  if (header.includes(0)) return { is: 'neither an ELF program nor a script', remedy: getItAgain };
  return {
    is: 'text without #! in its first line',
    remedy: editing(file, 'say in its first line which shell it is for', ['1i #!/bin/sh', path]),
  };
}

function elfThatIsNoProgram(linkage: string): Strangeness | undefined {
  if (linkage === 'library') return { is: 'a shared library, not a program', remedy: getItAgain };
  return linkage === 'none'
    ? {
        is: 'an object file or a core dump, not a program',
        remedy: { does: 'link it to a program', by: 'user' },
      }
    : undefined;
}

function firstBytes(header: Uint8Array): string {
  const shown = [...header.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return shown.length === 0 ? 'none' : shown.join(' ');
}
