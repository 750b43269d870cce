import { architectureOfElf } from '../../core/elf-architecture.ts';
import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { fact } from '../examination.ts';
import { askedProgram } from './asked-program.ts';
import { imageArchitecture } from './image/image-program.ts';
import { tableStatus } from './status.ts';

/**
 * QEMU's target names of what was asked about: of the file, of the image or of the message. Empty where neither tells; then a check looks at
 * every architecture that has an entry.
 */
export const concernedArchitectures = fact((examination): readonly string[] => {
  // By its own bytes: a file without the mode to be executed is for an architecture, too.
  const elf = askedProgram(examination)?.elf;
  const ofFile = elf === undefined || elf instanceof AnyarchError ? undefined : architectureOfElf(elf)?.name;
  if (ofFile !== undefined) return [ofFile];
  const ofImage = imageArchitecture(examination);
  if (ofImage !== undefined) return [ofImage];
  const named = examination.message?.architectures ?? [];
  return [...new Set(named.flatMap((name) => lookUpArchitecture(name)?.name ?? []))];
});

/** Those of them that this machine does not run by itself. */
export const foreignConcerned = fact((examination): readonly string[] => {
  const { native } = tableStatus(examination);
  return concernedArchitectures(examination).filter((one) => !native.includes(one));
});
