import { writeSync } from 'node:fs';
import { SystemError } from '../system-error.ts';
import { nodeClock } from './node-clock.ts';
import { systemCall } from './system-call.ts';

/** Milliseconds between two attempts to write to a full pipe that somebody made non-blocking. */
const fullPauseMs = 2;

/**
 * Writes all of it before it returns, so that nothing is lost when the process ends, and a failure is noticed.
 *
 * @param name what the descriptor is called in errors: `standard output`
 * @throws SystemError, EPIPE when nobody reads any more
 */
export function writeWhole(descriptor: number, text: string | Uint8Array, name: string): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let offset = 0; offset < bytes.length;) {
    const rest = bytes.subarray(offset);
    try {
      offset += systemCall('write', name, () => writeSync(descriptor, rest));
    } catch (error) {
      if (!(error instanceof SystemError) || !['EAGAIN', 'EINTR'].includes(error.errno)) throw error;
      if (error.errno === 'EAGAIN') nodeClock.sleep(fullPauseMs);
    }
  }
}

/** For people: when nobody can see it there is nobody to tell. */
export function writeToStandardError(text: string | Uint8Array): void {
  try {
    writeWhole(2, text, 'standard error');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
