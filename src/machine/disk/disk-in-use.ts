import { AnyarchError } from '../../core/error.ts';

/** Whether QEMU, or qemu-img, could not lock a disk. */
export function saysInUse(said: string): boolean {
  return /Failed to get (shared )?"write" lock/.test(said);
}

/** @param said what QEMU printed */
export function diskInUse(name: string, said: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_RUNNING', `another QEMU uses the disk of ${name}`, {
    hint: 'see which: ps -ef | grep qemu; then end it, and start the machine again',
    details: { name, qemu: said },
  });
}
