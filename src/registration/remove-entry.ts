import type { KernelTable } from '../host/kernel-table.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { changingError } from './registering-error.ts';

/** Takes an entry out; one that is not there is fine. @throws AnyarchError what the kernel's refusal means */
export function removeEntry(table: KernelTable, name: string): void {
  try {
    ignoring(['ENOENT'], () => {
      table.control(name, '-1');
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw changingError(table.path, name, error, 'remove');
  }
}
