import type { SubordinateRange } from '../core/subordinate-ids.ts';

/** What makes private tables possible, one sentence or command each. docs/rootless-administrators.md tells more. */
export const remedies = {
  userNamespacesDisabled: 'as root: sysctl kernel.unprivileged_userns_clone=1',
  noUserNamespacesLeft: 'as root: sysctl user.max_user_namespaces=15000',
  namespaceRefused:
    'unprivileged user namespaces are disabled; as root: sysctl kernel.unprivileged_userns_clone=1 (Debian) or kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); in a container, allow unshare in its seccomp profile',
  kernelWithoutUserNamespaces:
    'the kernel was built without user namespaces (CONFIG_USER_NS): boot another one, or register as root',
  apparmor:
    'as root: install an AppArmor profile for anyarch (docs/rootless-administrators.md has it), or sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  container:
    'let the container do it: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined …; or register on the host',
  refused:
    'something forbids user namespaces here: seccomp (a container, a sandbox, a systemd unit with RestrictNamespaces=), a security module, or a chroot; register as root or run one program with "anyarch exec"',
  noBinfmtMisc:
    'as root: modprobe binfmt_misc, and for each boot: echo binfmt_misc > /etc/modules-load.d/binfmt_misc.conf',
  oldKernel:
    'private binfmt_misc tables need Linux 6.7 or newer; here, register as root (sudo anyarch register) or run one program with "anyarch exec"',
  idMapPrograms: 'as root: apt install uidmap (Fedora: dnf install shadow-utils)',
  idMapProgramsPowerless:
    'as root: chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap; on a file system that is not mounted nosuid, without no_new_privs',
} as const;

/** @param range undefined where no ids are left */
export function subordinateIdsRemedy(user: string, range: SubordinateRange | undefined): string {
  if (range === undefined) return 'free some ranges in /etc/subuid and /etc/subgid first';
  const ids = `${range.start}-${range.start + range.count - 1}`;
  return `as root: usermod --add-subuids ${ids} --add-subgids ${ids} ${user}; then, for podman: podman system migrate`;
}
