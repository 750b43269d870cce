import { launcherHostOf } from '../core/launcher/find-launcher-host.ts';

/** System calls in which programs wait. */
export type WaitingCall = (typeof calls)[number];

// prettier-ignore
const calls = [
  'read', 'write', 'readv', 'writev', 'pread64', 'pwrite64', 'recvfrom', 'recvmsg', 'recvmmsg', 'accept', 'accept4', 'connect',
  'sendto', 'sendmsg', 'sendmmsg', 'poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'futex',
  'nanosleep', 'clock_nanosleep', 'wait4', 'waitid', 'rt_sigsuspend', 'pause', 'rt_sigtimedwait', 'restart_syscall', 'vfork', 'clone',
] as const;

/** In the order of `calls`; 0 and more, -1 where there is none. include/uapi/asm-generic/unistd.h, arch/…/syscall.tbl */
// prettier-ignore
const numbers: Readonly<Record<string, readonly number[]>> = {
  generic: [63, 64, 65, 66, 67, 68, 207, 212, 243, 202, 242, 203, 206, 211, 269, -1, 73, -1, 72, -1, 22, 441, 98, 101, 115, 260, 95, 133, -1, 137, 128, -1, 220],
  x86_64: [0, 1, 19, 20, 17, 18, 45, 47, 299, 43, 288, 42, 44, 46, 307, 7, 271, 23, 270, 232, 281, 441, 202, 35, 230, 61, 247, 130, 34, 128, 219, 58, 56],
  s390x: [3, 4, 145, 146, 180, 181, 371, 372, 357, -1, 364, 362, 369, 370, 358, 168, 302, 142, 301, 251, 312, 441, 238, 162, 262, 114, 281, 179, 29, 177, 7, 190, 120],
  ppc64le: [3, 4, 145, 146, 179, 180, 337, 342, 343, 330, 344, 328, 335, 341, 349, 167, 281, 142, 280, 238, 303, 441, 221, 162, 248, 114, 272, 178, 29, 176, 0, 189, 120],
};

const numberings: Readonly<Record<string, string>> = {
  aarch64: 'generic',
  riscv64: 'generic',
  loongarch64: 'generic',
  x86_64: 'x86_64',
  s390x: 's390x',
  ppc64le: 'ppc64le',
};

/**
 * Names the numbers of a machine's system calls.
 *
 * @param machine `uname -m`
 * @returns undefined for machines whose numbers are not here
 */
export function waitingCallsOf(machine: string): ((number: number) => WaitingCall | undefined) | undefined {
  const numbering = numberings[launcherHostOf(machine)?.name ?? ''];
  const own = numbering === undefined ? undefined : numbers[numbering];
  return own === undefined ? undefined : (number) => (number < 0 ? undefined : calls[own.indexOf(number)]);
}
