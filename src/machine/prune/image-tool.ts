import { AnyarchError } from '../../core/error.ts';
import { compareQemuVersions } from '../../core/version.ts';
import { findPrograms, installedPrograms, type Programs } from '../../debian-programs/index.ts';
import type { Host } from '../../host/host.ts';
import { offeredSuites, oldestQemu } from '../tools/obtain-tools.ts';

/** A qemu-img that is here, as new as machines' QEMU is: who removes things fetches none. */
export function presentImageTool(host: Pick<Host, 'files' | 'processes' | 'system'>): Programs | undefined {
  const installed = installedPrograms(host);
  if (isNew(host, installed)) return installed;
  return offeredSuites
    .map((suites) => unpacked(host, suites))
    .find((programs) => programs?.programFile('qemu-img') !== undefined);
}

function isNew({ processes }: Pick<Host, 'processes'>, programs: Programs): boolean {
  if (programs.programFile('qemu-img') === undefined) return false;
  const command = [...programs.command('qemu-img'), '--version'];
  const { exitCode, stdout } = processes.run(command, { timeoutMs: 30_000 });
  const version = /^qemu-img version (\d+(?:\.\d+)*(?:-rc\d+)?)/.exec(stdout)?.[1];
  return exitCode === 0 && version !== undefined && compareQemuVersions(version, oldestQemu) >= 0;
}

function unpacked(host: Pick<Host, 'files' | 'system'>, suites: readonly string[]): Programs | undefined {
  try {
    return findPrograms(host, { packages: ['qemu-utils'], suites });
  } catch (error) {
    // Debian has no packages for this host.
    if (error instanceof AnyarchError && error.code === 'ANYARCH_HOST_UNSUPPORTED') return undefined;
    throw error;
  }
}
