import type { Qemu } from '../tools/tools.ts';

/**
 * QEMU's filter of system calls, as libvirt has it by default: it starts no program, does not become another user, sets no
 * priorities, and mounts and reboots nothing. What it reads and writes is not limited by it. With the filter the kernel sets
 * no_new_privs, too (seccomp_load(3)).
 */
export const sandboxWords = [
  '-sandbox',
  'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
] as const;

/**
 * The words for a QEMU that has the filter; none where the user has words of that option: a second filter could take nothing
 * of the first one back.
 *
 * @param further the user's words
 */
export function sandboxFor(
  { hasSandbox }: Pick<Qemu, 'hasSandbox'>,
  further: readonly string[] = [],
): readonly string[] {
  return hasSandbox && !further.some(isSandboxOption) ? sandboxWords : [];
}

/** Whether QEMU was started with a filter. */
export function isSandboxed(command: readonly string[]): boolean {
  return command.some(
    (word, index) => isSandboxOption(word) && /^(?:enable=)?on(?:,|$)/.test(command[index + 1] ?? ''),
  );
}

function isSandboxOption(word: string): boolean {
  return word === '-sandbox' || word === '--sandbox';
}
