import { AnyarchError } from '../core/error.ts';
import type { ErrorCode } from '../core/error-code.ts';
import type { System } from '../host/host.ts';
import { remedies } from '../private-table/index.ts';
import { guestGroupsStep, joiningControlGroup, privateTableStep } from './described-step.ts';
import type { DescribedStep } from './described-step.ts';

/** The error for a step that the kernel refused, with the remedy where the cause is known. */
export function explainFailure(step: DescribedStep, errno: string, system: System): AnyarchError {
  const { code, hint } = causeOf(step, errno, system);
  return new AnyarchError(code, `cannot ${step.doing}: ${step.call} failed with ${errno}`, {
    hint,
    details: { step: step.doing, call: step.call, errno, kernel: system.kernelRelease },
  });
}

function causeOf(
  step: DescribedStep,
  errno: string,
  system: System,
): { readonly code: ErrorCode; readonly hint: string } {
  if (step.call === 'unshare')
    return { code: 'ANYARCH_NAMESPACE', hint: namespaceRemedies[errno] ?? remedies.refused };
  if (step.doing === privateTableStep)
    return {
      code: 'ANYARCH_NAMESPACE',
      hint:
        errno === 'ENODEV'
          ? remedies.noBinfmtMisc
          : `${remedies.oldKernel} (this is ${system.kernelRelease})`,
    };
  if (step.doing.startsWith('become the ') || step.doing === guestGroupsStep)
    return {
      code: 'ANYARCH_SUBORDINATE_IDS',
      hint: 'the user or a group has no number in the guest: widen the ranges of /etc/subuid and /etc/subgid (usermod --add-subuids, --add-subgids), or name another --user',
    };
  if (step.doing.startsWith(joiningControlGroup))
    return {
      code: 'ANYARCH_LIMITS',
      hint: 'processes cannot be moved there from where this one runs; start it in a control group that you were given, or leave out --memory, --cpus and --pids-limit',
    };
  if (step.call === 'openat' && step.doing.startsWith('map ') && errno === 'EACCES')
    return { code: 'ANYARCH_NAMESPACE', hint: remedies.apparmor };
  if (step.call === 'write' && step.doing.startsWith('map '))
    return { code: 'ANYARCH_NAMESPACE', hint: remedies.apparmor };
  if (step.doing.startsWith('find '))
    return { code: 'ANYARCH_RUN_SETUP', hint: 'the path must exist on the host and be readable' };
  if (step.doing.startsWith('enter /'))
    return {
      code: 'ANYARCH_RUN_SETUP',
      hint: 'the directory of -w must exist in the guest; links into /proc are not followed',
    };
  return {
    code: 'ANYARCH_RUN_SETUP',
    hint: 'look at the paths of --rootfs and -v: a directory is mounted on a directory, a file on a file',
  };
}

const namespaceRemedies: Readonly<Record<string, string>> = {
  EPERM: remedies.namespaceRefused,
  ENOSPC: remedies.noUserNamespacesLeft,
  EINVAL: remedies.kernelWithoutUserNamespaces,
  ENOSYS: remedies.kernelWithoutUserNamespaces,
};
