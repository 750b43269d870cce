import { AnyarchError } from '../../core/error.ts';

/** QEMU was killed, or crashed, while a machine was being saved. */
export function endedMeanwhile(name: string, cause: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `QEMU ended while ${name} was being saved: nothing of it is saved, and its guest is as after a power cut`,
    {
      hint: `see what QEMU printed: anyarch machine logs ${name} --qemu; anyarch machine start ${name} looks at the disk and boots`,
      details: { name },
      cause,
    },
  );
}
