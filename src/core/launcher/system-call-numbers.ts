import type { SystemCall } from './program.ts';

/**
 * The numberings of Linux: `generic` is include/uapi/asm-generic/unistd.h (aarch64, riscv64, loongarch64), the others
 * have an arch/<name>/…/syscall.tbl of their own. mips64 is the n64 ABI.
 */
const numberings = ['generic', 'x86_64', 'i386', 'arm', 'ppc64le', 's390x', 'mips64'] as const;
export type Numbering = (typeof numberings)[number];

/**
 * In the order of `numberings`. Where i386 and arm have calls of 16 and of 32 bits for ids, or of 32 and of 64
 * bits for file offsets, these are the wider ones (`setgroups32`, `fcntl64`).
 */
// prettier-ignore
const table: Readonly<Record<SystemCall, readonly [number, number, number, number, number, number, number]>> = {
  //        generic, x86_64, i386, arm, ppc64le, s390x, mips64
  capset: [91, 126, 185, 185, 184, 185, 5124],
  chdir: [49, 80, 12, 12, 12, 12, 5078],
  chroot: [51, 161, 61, 61, 61, 61, 5156],
  clone: [220, 56, 120, 120, 120, 120, 5055],
  close: [57, 3, 6, 6, 6, 6, 5003],
  close_range: [436, 436, 436, 436, 436, 436, 5436],
  dup3: [24, 292, 330, 358, 316, 326, 5286],
  execve: [221, 59, 11, 11, 11, 11, 5057],
  exit_group: [94, 231, 252, 248, 234, 248, 5205],
  faccessat: [48, 269, 307, 334, 298, 300, 5259],
  fchdir: [50, 81, 133, 133, 133, 133, 5079],
  fchmodat: [53, 268, 306, 333, 297, 299, 5258],
  fchownat: [54, 260, 298, 325, 289, 291, 5250],
  fcntl: [25, 72, 221, 221, 55, 55, 5070],
  flock: [32, 73, 143, 143, 143, 143, 5071],
  getcwd: [17, 79, 183, 183, 182, 183, 5077],
  getpid: [172, 39, 20, 20, 20, 20, 5038],
  ioctl: [29, 16, 54, 54, 54, 54, 5015],
  kill: [129, 62, 37, 37, 37, 37, 5060],
  lgetxattr: [9, 192, 230, 230, 213, 228, 5184],
  lsetxattr: [6, 189, 227, 227, 210, 225, 5181],
  mkdirat: [34, 258, 296, 323, 287, 289, 5248],
  mknodat: [33, 259, 297, 324, 288, 290, 5249],
  mount: [40, 165, 21, 21, 21, 21, 5160],
  mount_setattr: [442, 442, 442, 442, 442, 442, 5442],
  move_mount: [429, 429, 429, 429, 429, 429, 5429],
  open_tree: [428, 428, 428, 428, 428, 428, 5428],
  openat: [56, 257, 295, 322, 286, 288, 5247],
  personality: [92, 135, 136, 136, 136, 136, 5132],
  openat2: [437, 437, 437, 437, 437, 437, 5437],
  pipe2: [59, 293, 331, 359, 317, 325, 5287],
  pivot_root: [41, 155, 217, 218, 203, 217, 5151],
  ppoll: [73, 271, 309, 336, 281, 302, 5261],
  prctl: [167, 157, 172, 172, 171, 172, 5153],
  read: [63, 0, 3, 3, 3, 3, 5000],
  rt_sigaction: [134, 13, 174, 174, 173, 174, 5013],
  setgroups: [159, 116, 206, 206, 81, 206, 5114],
  sethostname: [161, 170, 74, 74, 74, 74, 5165],
  setns: [268, 308, 346, 375, 350, 339, 5303],
  setpgid: [154, 109, 57, 57, 57, 57, 5107],
  setresgid: [149, 119, 210, 210, 169, 210, 5117],
  setresuid: [147, 117, 208, 208, 164, 208, 5115],
  setsid: [157, 112, 66, 66, 66, 66, 5110],
  socket: [198, 41, 359, 281, 326, 359, 5040],
  statx: [291, 332, 383, 397, 383, 379, 5326],
  symlinkat: [36, 266, 304, 331, 295, 297, 5256],
  syncfs: [267, 306, 344, 373, 348, 338, 5301],
  umask: [166, 95, 60, 60, 60, 60, 5093],
  umount2: [39, 166, 52, 52, 52, 52, 5161],
  unlinkat: [35, 263, 301, 328, 292, 294, 5253],
  unshare: [97, 272, 310, 337, 282, 303, 5262],
  wait4: [260, 61, 114, 114, 114, 114, 5059],
  write: [64, 1, 4, 4, 4, 4, 5001],
};

export function systemCallNumber(numbering: Numbering, call: SystemCall): number {
  const number = table[call][numberings.indexOf(numbering)];
  if (number === undefined) throw new Error(`no number of ${call} for ${numbering}`);
  return number;
}
