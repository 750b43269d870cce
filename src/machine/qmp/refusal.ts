import { AnyarchError } from '../../core/error.ts';

/** QEMU said that it does not do it. Any other failure leaves open whether it did, or will do it later. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AnyarchError && typeof error.details['class'] === 'string';
}
