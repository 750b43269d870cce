import { SystemError } from '../system-error.ts';
import { systemCall } from './system-call.ts';

/** @throws SystemError EPIPE when nobody reads any more, ENOSPC … */
export function writeToStandardOutput(text: string): void {
  systemCall('write', 'standard output', () => {
    kernel.writeAll(1, text);
  });
}

/** For people: when nobody can see it there is nobody to tell. */
export function writeToStandardError(text: string): void {
  try {
    systemCall('write', 'standard error', () => {
      kernel.writeAll(2, text);
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
