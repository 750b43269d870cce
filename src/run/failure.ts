import { AnyarchError } from '../core/error.ts';
import type { System } from '../host/host.ts';
import { guestGroupsStep, privateTableStep } from './described-step.ts';
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
): {
  readonly code: 'ANYARCH_NAMESPACE' | 'ANYARCH_RUN_SETUP' | 'ANYARCH_SUBORDINATE_IDS';
  readonly hint: string;
} {
  if (step.call === 'unshare')
    return { code: 'ANYARCH_NAMESPACE', hint: namespaceRemedies[errno] ?? namespaceRemedy };
  if (step.doing === privateTableStep)
    return {
      code: 'ANYARCH_NAMESPACE',
      hint:
        errno === 'ENODEV'
          ? 'the kernel has no binfmt_misc: as root, modprobe binfmt_misc; or run one program with "anyarch exec"'
          : `private binfmt_misc tables need Linux 6.7 or newer (this is ${system.kernelRelease}); here, register as root or run one program with "anyarch exec"`,
    };
  if (step.doing.startsWith('become the ') || step.doing === guestGroupsStep)
    return {
      code: 'ANYARCH_SUBORDINATE_IDS',
      hint: 'the user or a group has no number in the guest: widen the ranges of /etc/subuid and /etc/subgid (usermod --add-subuids, --add-subgids), or name another --user',
    };
  if (step.call === 'openat' && step.doing.startsWith('map ') && errno === 'EACCES')
    return { code: 'ANYARCH_NAMESPACE', hint: apparmorRemedy };
  if (step.call === 'write' && step.doing.startsWith('map '))
    return { code: 'ANYARCH_NAMESPACE', hint: apparmorRemedy };
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

const apparmorRemedy =
  'the system restricts user namespaces; as root: sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 24.04), or run as root';
const namespaceRemedy =
  'user namespaces are not usable here; register as root or run one program with "anyarch exec"';
const namespaceRemedies: Readonly<Record<string, string>> = {
  EPERM:
    'unprivileged user namespaces are disabled; as root: sysctl kernel.unprivileged_userns_clone=1 (Debian) or kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container, allow unshare in its seccomp profile',
  ENOSPC: 'the limit of user namespaces is reached; as root: sysctl user.max_user_namespaces=15000',
  EINVAL: 'the kernel was built without user namespaces (CONFIG_USER_NS)',
  ENOSYS: 'the kernel was built without user namespaces (CONFIG_USER_NS)',
};
