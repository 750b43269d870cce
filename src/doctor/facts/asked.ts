import { architectureOfElf } from '../../core/elf-architecture.ts';
import { lookUpArchitecture, sameFamily } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Examination } from '../examination.ts';
import type { Symptom } from '../symptom.ts';
import type { Severity } from '../verdict.ts';
import { askedProgram } from './asked-program.ts';
import { isAskedAbout } from './asked-about.ts';
import { imageArchitecture } from './image/image-program.ts';

/** Whether somebody wants something run that does not: a message, a file or an image, and not just a look at the machine. */
export function isAsked({ message, file, image }: Examination): boolean {
  return message !== undefined || file !== undefined || image !== undefined;
}

/**
 * Whether a fault with these symptoms can be what somebody complains of: the message has one of them, or a file or an image was named that is
 * for another machine. Whoever shows a message of something else, or a file that no emulator is for, does not ask for one.
 */
export function isWanted(examination: Examination, symptoms: readonly Symptom[]): boolean {
  return isAskedAbout(examination, symptoms) || isForeignAsked(examination);
}

/** A machine that lacks what nobody wants of it is a healthy one. */
export function severityIfWanted(
  examination: Examination,
  symptoms: readonly Symptom[],
): Extract<Severity, 'error' | 'note'> {
  return isWanted(examination, symptoms) ? 'error' : 'note';
}

/** Without the table, which may be what does not answer: so relatives such as i386 on x86-64 are taken for native. */
function isForeignAsked(examination: Examination): boolean {
  const own = lookUpArchitecture(examination.host.system.machine);
  const asked = lookUpArchitecture(architectureAsked(examination) ?? '');
  return asked !== undefined && (own === undefined || (asked !== own && !sameFamily(asked, own)));
}

function architectureAsked(examination: Examination): string | undefined {
  if (examination.file === undefined) return imageArchitecture(examination);
  const elf = askedProgram(examination)?.elf;
  return elf === undefined || elf instanceof AnyarchError ? undefined : architectureOfElf(elf)?.name;
}
