import { fact } from '../examination.ts';
import { fileExplanation } from './explanation.ts';

/**
 * QEMU's target names of what was asked about: of the file and of the message. Empty where neither tells; then a check looks at
 * every architecture that has an entry.
 */
export const concernedArchitectures = fact((examination): readonly string[] => {
  const content = fileExplanation(examination)?.levels[0]?.content;
  const ofFile = content?.kind === 'elf' ? content.architecture : undefined;
  if (ofFile !== undefined) return [ofFile];
  return examination.message?.architectures ?? [];
});
