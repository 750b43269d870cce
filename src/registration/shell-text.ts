import { isElf } from '../core/elf-header.ts';

/** How much of a file bash 5.2 and dash 0.5.12 look at (measured, test/kernel/seen-messages.test.ts). */
const sample = 128;

/**
 * Whether shells run a file themselves when execve refuses it with ENOEXEC, as POSIX has them do with text: bash and
 * dash take for a program what starts as ELF does, or has a NUL before the first newline.
 *
 * @param header the file's first bytes, at least 128 of them if it has so many
 */
export function isShellText(header: Uint8Array): boolean {
  const start = header.subarray(0, sample);
  const newline = start.indexOf(0x0a);
  const firstLine = newline === -1 ? start : start.subarray(0, newline);
  return !isElf(header) && !firstLine.includes(0);
}
