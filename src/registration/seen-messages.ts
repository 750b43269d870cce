import type { SeenMessage } from './explanation.ts';

/** What programs print when execve fails; from their own output (bash 5.2, dash 0.5.12, docker 20.10, podman 4.3, coreutils 9.1). */
export function messagesFor(errno: string, path: string): readonly SeenMessage[] {
  const seen = (by: string, message: string, exitCode?: number): SeenMessage => ({ by, message, exitCode });
  switch (errno) {
    case 'ENOEXEC':
      return [
        seen('bash', `${path}: cannot execute binary file: Exec format error`, 126),
        seen('sh (dash)', `${path}: Exec format error`, 126),
        seen('docker, podman with runc', `exec ${path}: exec format error`, 1),
        seen('podman with crun', `exec container process \`${path}\`: Exec format error`, 1),
        seen('chroot', `failed to run command '${path}': Exec format error`, 126),
      ];
    case 'ENOENT':
      return [
        seen('bash', `${path}: cannot execute: required file not found`, 127),
        seen('docker, podman with runc', `exec ${path}: no such file or directory`, 127),
        seen('podman with crun', `(missing dynamic library?) ${path}: No such file or directory`, 127),
      ];
    case 'EACCES':
      return [
        seen('bash', `${path}: Permission denied`, 126),
        seen('docker, podman with runc', `exec ${path}: permission denied`, 126),
      ];
    case 'ELOOP':
      return [seen('bash', `${path}: Too many levels of symbolic links`, 126)];
    default:
      return [];
  }
}
