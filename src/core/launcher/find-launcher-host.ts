import type { LauncherHost } from './launcher-host.ts';
import { x86_64 } from './hosts/x86-64.ts';

/** All machines that launchers can be built for, ordered by name. */
export const launcherHosts: readonly LauncherHost[] = [x86_64];

/**
 * The host of a machine name as `uname -m` prints it. It is the kernel's: a 32-bit userland on a 64-bit kernel
 * gets the 64-bit launcher, which works there.
 */
export function launcherHostOf(unameMachine: string): LauncherHost | undefined {
  return launcherHosts.find((host) => host.machines.includes(unameMachine));
}
