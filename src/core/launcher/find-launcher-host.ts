import { aarch64 } from './hosts/aarch64.ts';
import { arm } from './hosts/arm.ts';
import { i386 } from './hosts/i386.ts';
import { loongarch64 } from './hosts/loongarch64.ts';
import { mips64el } from './hosts/mips64el.ts';
import { ppc64le } from './hosts/ppc64le.ts';
import { riscv64 } from './hosts/riscv64.ts';
import { s390x } from './hosts/s390x.ts';
import { x86_64 } from './hosts/x86-64.ts';
import type { LauncherHost } from './launcher-host.ts';

/** All machines that launchers can be built for, ordered by name. */
export const launcherHosts: readonly LauncherHost[] = [
  aarch64,
  arm,
  i386,
  loongarch64,
  mips64el,
  ppc64le,
  riscv64,
  s390x,
  x86_64,
];

/**
 * The host of a machine name as `uname -m` prints it. It is the kernel's: a 32-bit userland on a 64-bit kernel
 * gets the 64-bit launcher, which works there.
 */
export function launcherHostOf(unameMachine: string): LauncherHost | undefined {
  return launcherHosts.find((host) => host.machines.includes(unameMachine));
}
